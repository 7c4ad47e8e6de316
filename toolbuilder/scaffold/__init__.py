"""What surrounds the modules of a tool: answers for the template, tests from examples, the README."""

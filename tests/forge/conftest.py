"""Tests against GitHub's own descriptions; `make test-forge` installs them and names their folder in PEERS.

Without it those files are not collected: they need npm and the network once, the default run needs neither.
"""

import os

FOLDER = os.environ.get("PEERS", "")
NEED_IT = ["test_described_answers.py", "test_openapi.py", "test_prism.py", "test_published_graphql.py"]
collect_ignore = [] if FOLDER else NEED_IT

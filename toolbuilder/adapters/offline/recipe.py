"""What the embedded engine answers for a tool that thinks: the recipe turned into modules by rule."""

from toolbuilder.adapters.recipe.modules import ENTRY, own_sources, recipe_modules, recipe_problems
from toolbuilder.adapters.recipe.rehearsal import recipe_tests
from toolbuilder.artifacts import Entry, Module
from toolbuilder.brief import Brief
from toolbuilder.errors import NeedsPerson
from toolbuilder.proof.sources import public_interfaces
from toolbuilder.stages.architecture import Design, Interfaces, ToDesign
from toolbuilder.stages.generation import ToTest, ToWrite, Written


def design_modules(brief: Brief, known: ToDesign) -> Design:
    """Plan a module for each pattern, and those of the recipe. Raises NeedsPerson for a recipe that is no program."""
    problems = recipe_problems(brief, [pattern.id for pattern in known.patterns])
    if problems:
        raise NeedsPerson(
            "the recipe cannot become a tool", findings=problems, advice="Change the spec, and run again."
        )
    module, function = ENTRY
    ids = tuple(one.id for one in known.requirements.requirements)
    modules = tuple(
        Module(
            name=one.name,
            summary=one.summary,
            roles=one.roles,
            covers=ids if one.name == module else (),
            uses=one.uses,
            pattern=one.pattern,
        )
        for one in recipe_modules(brief, known.patterns)
    )
    return Design(modules=modules, entry=Entry(module=module, function=function), dependencies=())


def define_interfaces(brief: Brief, design: Design) -> Interfaces:
    """Give the public functions of the recipe's own modules."""
    sources = own_sources(brief, _carried(design.modules))
    return Interfaces(
        interfaces=tuple(one for name, source in sources.items() for one in public_interfaces(name, source))
    )


def write_module(brief: Brief, wanted: ToWrite) -> Written:
    """Write one of the recipe's own modules."""
    sources = own_sources(brief, _carried(wanted.architecture.modules))
    return Written(source=sources[wanted.module.name], notes=())


def tests_of(brief: Brief, wanted: ToTest) -> str:
    """Give the tests of one module, empty where there are none."""
    return recipe_tests(brief, _carried(wanted.architecture.modules)).get(f"tests/test_{wanted.module.name}.py", "")


def _carried(modules: tuple[Module, ...]) -> list[str]:
    return [module.pattern for module in modules if module.pattern]

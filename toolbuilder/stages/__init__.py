"""The five stages, in order."""

from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.generation import GENERATION
from toolbuilder.stages.packaging import PACKAGING
from toolbuilder.stages.requirements import REQUIREMENTS
from toolbuilder.stages.verification import VERIFICATION

STAGES = (REQUIREMENTS, ARCHITECTURE, GENERATION, VERIFICATION, PACKAGING)

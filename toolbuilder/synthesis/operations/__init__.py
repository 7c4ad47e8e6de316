"""The catalogue: every operation that a program may be made of, by name."""

from toolbuilder.synthesis.operations.arranged import ARRANGED
from toolbuilder.synthesis.operations.checks import CHECKS
from toolbuilder.synthesis.operations.codes import CODES
from toolbuilder.synthesis.operations.columns import COLUMNS
from toolbuilder.synthesis.operations.comparisons import COMPARISONS
from toolbuilder.synthesis.operations.counts import COUNTS
from toolbuilder.synthesis.operations.documents import DOCUMENTS
from toolbuilder.synthesis.operations.elements import ELEMENTS
from toolbuilder.synthesis.operations.escapes import ESCAPES
from toolbuilder.synthesis.operations.fields import FIELDS
from toolbuilder.synthesis.operations.files import FILES
from toolbuilder.synthesis.operations.filters import FILTERS
from toolbuilder.synthesis.operations.folds import FOLDS
from toolbuilder.synthesis.operations.grid import CLEANING
from toolbuilder.synthesis.operations.groups import GROUPS
from toolbuilder.synthesis.operations.json_arithmetic import JSON_ARITHMETIC
from toolbuilder.synthesis.operations.json_arrays import JSON_ARRAYS
from toolbuilder.synthesis.operations.json_depths import JSON_DEPTHS
from toolbuilder.synthesis.operations.json_items import JSON_ITEMS
from toolbuilder.synthesis.operations.json_objects import JSON_OBJECTS
from toolbuilder.synthesis.operations.json_scalars import JSON_SCALARS
from toolbuilder.synthesis.operations.json_sorting import JSON_SORTING
from toolbuilder.synthesis.operations.json_values import JSON_VALUES
from toolbuilder.synthesis.operations.lines import LINES
from toolbuilder.synthesis.operations.names import NAMES
from toolbuilder.synthesis.operations.operation import Operation
from toolbuilder.synthesis.operations.parts import PARTS
from toolbuilder.synthesis.operations.reals import REALS
from toolbuilder.synthesis.operations.reshaping import RESHAPING
from toolbuilder.synthesis.operations.shapes import SHAPES
from toolbuilder.synthesis.operations.streams import streamed
from toolbuilder.synthesis.operations.strings import STRINGS
from toolbuilder.synthesis.operations.tables import TABLES
from toolbuilder.synthesis.operations.totals import TOTALS
from toolbuilder.synthesis.operations.values import VALUES
from toolbuilder.synthesis.operations.writers import WRITERS

TABLES_OF_OPERATIONS = (
    *(
        DOCUMENTS,
        FILES,
        LINES,
        FILTERS,
        FOLDS,
        COUNTS,
        STRINGS,
        PARTS,
        CODES,
        VALUES,
        REALS,
        COMPARISONS,
        SHAPES,
        FIELDS,
        NAMES,
    ),
    *(
        TABLES,
        COLUMNS,
        TOTALS,
        GROUPS,
        CLEANING,
        RESHAPING,
        JSON_VALUES,
        JSON_ITEMS,
        JSON_ARRAYS,
        JSON_SORTING,
        JSON_OBJECTS,
        JSON_DEPTHS,
    ),
    *(JSON_OBJECTS, JSON_DEPTHS, JSON_SCALARS, JSON_ARITHMETIC, ESCAPES, ELEMENTS, ARRANGED, CHECKS, WRITERS),
)
SEARCHED: dict[str, Operation] = {operation.name: operation for table in TABLES_OF_OPERATIONS for operation in table}
CATALOGUE: dict[str, Operation] = {**SEARCHED, **{operation.name: operation for operation in streamed(SEARCHED)}}

__all__ = ["CATALOGUE", "Operation"]

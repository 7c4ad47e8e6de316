"""JSON values."""

from toolbuilder.synthesis.operations.operation import Operation

JSON_VALUES = (
    Operation(
        "as_items",
        ("Json",),
        "Items",
        "as_items({0})",
        "Take it as an array.",
        hints="array list element",
        cost=0,
        result="items",
    ),
    Operation(
        "as_object",
        ("Json",),
        "Object",
        "as_object({0})",
        "Take it as an object.",
        hints="object",
        cost=0,
        result="fields",
    ),
    Operation(
        "as_objects",
        ("Items",),
        "Objects",
        "as_objects({0})",
        "Take each as an object.",
        hints="object record array every each",
        cost=0,
        result="entries",
    ),
    Operation(
        "member",
        ("Object", "Key"),
        "Json",
        "member_of({0}, {1})",
        "Take its {1}.",
        cost=1,
        result="{1}",
    ),
    Operation(
        "plain_json",
        ("Json",),
        "Written",
        "plain_json({0})",
        "Write a string as it is, anything else as JSON.",
        cost=1,
    ),
    Operation(
        "flatten_object",
        ("Json", "Separator"),
        "Object",
        "flatten_object({0}, {1})",
        "Join the keys of nested objects with {1}.",
        words="flatten flat flattened",
        hints="nested dotted dot key",
        cost=4,
        result="flat",
    ),
)

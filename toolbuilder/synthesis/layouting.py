"""Python text laid out as the formatter would: quotes, brackets, line breaks."""

import ast
import re

WIDTH = 100
OPERATIONS = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.UnaryOp, ast.Lambda)
PAIRS = {")": "(", "]": "[", "}": "{"}


def quoted(value: object, *, always_double: bool = False) -> str:
    """Write a constant as Python does, in double quotes where that needs no more escapes."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(quoted, value))}]"
    text = repr(value)
    if not isinstance(value, str) or text.startswith('"'):
        return text.replace('"', '\\"') if always_double and text.count('"') > 2 else text
    if '"' not in text:
        return f'"{text[1:-1]}"'
    return '"' + text[1:-1].replace("\\'", "'").replace('"', '\\"') + '"' if always_double else text


def filled(code: str, arguments: list[str]) -> str:
    """Put the arguments into an operation's code, in brackets where they would fall apart."""

    def argument(match: re.Match[str]) -> str:
        text = arguments[int(match[1])]
        before, after = code[: match.start()][-1:], code[match.end() :][:1]
        alone = (before in {"(", "["} or code[: match.start()].endswith(", ")) and after in {")", "]", ","}
        return text if alone or not _loose(text) else f"({text})"

    return re.sub(r"{(\d)}", argument, code)


def _loose(code: str) -> bool:
    node = ast.parse(code, mode="eval").body
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    return isinstance(node, OPERATIONS) and not negative


def laid_out(head: str, code: str, indent: int = 4) -> str:
    """Write a statement, broken inside its last brackets when it is too long for a line."""
    margin = " " * indent
    line = margin + head + code
    if len(line) <= WIDTH or code[-1] not in PAIRS:
        return line
    opening = _opening(code)
    inner = f"{margin}    {code[opening + 1 : -1]}"
    fits = len(inner) <= WIDTH and (code[-1] != "}" or isinstance(ast.parse(code, mode="eval").body, ast.DictComp))
    pieces = [inner] if fits else _pieces(code, f"{margin}    ")
    return "\n".join([margin + head + code[: opening + 1], *pieces, margin + code[-1]])


def _opening(code: str) -> int:
    node = ast.parse(code, mode="eval").body
    if isinstance(node, ast.Call):
        return len((ast.get_source_segment(code, node.func) or "").encode())
    if isinstance(node, ast.Subscript):
        return len((ast.get_source_segment(code, node.value) or "").encode())
    return 0


def _pieces(code: str, margin: str) -> list[str]:
    def text(part: ast.AST | None) -> str:
        return ast.get_source_segment(code, part) or "" if part else ""

    node = ast.parse(code, mode="eval").body
    if isinstance(node, ast.Dict):
        return [f"{margin}{text(key)}: {text(value)}," for key, value in zip(node.keys, node.values, strict=True)]
    if isinstance(node, ast.Call):
        return [f"{margin}{text(argument)}," for argument in node.args]
    if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
        first = f"{text(node.key)}: {text(node.value)}" if isinstance(node, ast.DictComp) else text(node.elt)
        loop = node.generators[0]
        tests = [f"{margin}if {text(test)}" for test in loop.ifs]
        target = text(loop.target).strip("()") if isinstance(loop.target, ast.Tuple) else text(loop.target)
        return [margin + first, f"{margin}for {target} in {text(loop.iter)}", *tests]
    return [margin + code[1:-1]]

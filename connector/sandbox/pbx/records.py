"""Takes records out of an answer: Rules choose them, Variables read them.

Paths are dotted and begin at the root of the answer. Each element of a list on the way of a rule
is one record; a Binding remembers which element of which list that was.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from connector.sandbox.pbx.expressions import Scope, evaluate

Binding = dict[tuple[str, ...], int]
Found = tuple[object, Binding]


def read_records(scenario: Element, answer: object, scope: Scope) -> list[dict[str, str]]:
    """The variables of each record that passes all rules, in the answer's order."""
    if answer is None:
        return []
    bindings: list[Binding] = [{}]
    for rule in scenario.findall("Rules/Rule"):
        bindings = [
            found for binding in bindings for found in _apply_rule(rule, answer, binding, scope)
        ]
    variables = scenario.findall("Variables/Variable")
    return [
        {one.get("Name", ""): _read_variable(one, answer, bound, scope) for one in variables}
        for bound in bindings
    ]


def _apply_rule(rule: Element, answer: object, binding: Binding, scope: Scope) -> list[Binding]:
    path = _split(rule.text or "")
    passed = [found for found in _walk(answer, path, binding) if _passes(rule, found[0], scope)]
    return [bound for _, bound in passed]


def _walk(
    node: object, path: tuple[str, ...], binding: Binding, *, depth: int = 0
) -> Iterator[Found]:
    """Every value at the path, branching at each list that is not bound yet."""
    if depth == len(path):
        yield node, binding
    elif isinstance(node, list):
        place = path[:depth]
        chosen = [binding[place]] if place in binding else range(len(node))
        for index in chosen:
            if isinstance(node[index], dict):
                yield from _walk(node[index], path, {**binding, place: index}, depth=depth)
    elif isinstance(node, dict) and path[depth] in node:
        yield from _walk(node[path[depth]], path, binding, depth=depth + 1)


def _passes(rule: Element, value: object, scope: Scope) -> bool:
    match rule.get("Type"):
        case "Any":
            # The engine finds an empty list present, too; a rule belongs on a leaf.
            return isinstance(value, list) or bool(_show(value))
        case "Equals":
            return _show(value) == evaluate(rule.get("Ethalon", ""), scope)
        case "Number":
            searched = str(scope.variables.get("Number") or "")
            numbers = value if isinstance(value, list) else [value]
            return any(_is_same_number(_show(one), searched) for one in numbers)
    return False


def _is_same_number(stored: str, searched: str) -> bool:
    digits = ["".join(filter(str.isdigit, number)) for number in (stored, searched)]
    return bool(digits[1]) and digits[0].endswith(digits[1])


def _read_variable(variable: Element, answer: object, binding: Binding, scope: Scope) -> str:
    path = _split(variable.get("Path") or variable.text or "")
    found = list(_walk(answer, path, binding))
    rules = variable.findall("Filter/Rule")
    if rules:
        kept = [bound for _, bound in found]
        for rule in rules:
            kept = [one for bound in kept for one in _apply_rule(rule, answer, bound, scope)]
        found = [item for bound in kept[:1] for item in _walk(answer, path, bound)]
    # An inner list that no filter narrows to one element gives nothing.
    return _show(found[0][0]) if len(found) == 1 else ""


def _show(value: object) -> str:
    """A leaf as text: booleans as True and False; null, objects and lists are nothing."""
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value)


def _split(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.strip().split(".") if part)

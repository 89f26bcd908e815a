"""3CX's expression language: `[Name]`, `[[Name].Method(..)]`, `[IIf(..)]`, conditions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from connector.sandbox.pbx.dotnet import CULTURES, Culture, Unknown, Value, show
from connector.sandbox.pbx.errors import EngineError
from connector.sandbox.pbx.methods import call_method
from connector.sandbox.pbx.scanning import find_end, read_calls, split_arguments, split_outside

NAME = re.compile(r"\w+(::\w+)?")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
CONTROL = re.compile(r"[\x00-\x1f]")
MOST_PASSES = 4


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The variables that an expression sees, and how the PBX prints dates."""

    variables: Mapping[str, Value]
    culture: Culture = CULTURES["en-GB"]

    def extend(self, more: Mapping[str, Value]) -> "Scope":
        return Scope(variables={**self.variables, **more}, culture=self.culture)


def evaluate(text: str, scope: Scope, *, passes: str = "1") -> str:
    """The text with everything in brackets replaced, `passes` times; "0" still means once."""
    if not passes.isdigit() or int(passes) > MOST_PASSES:
        raise EngineError("Input string was not in a correct format.")
    for _ in range(max(1, int(passes))):
        text = _replace_brackets(text, scope)
    return text


def check_condition(text: str, scope: Scope, *, skip: bool = False) -> bool:
    """Whether a bare boolean expression holds; an empty one never does.

    In SkipIf (`skip`) a text literal without quotes raises, as it does on some versions of 3CX.
    """
    return any(
        all(_check_comparison(part.strip(), scope, skip=skip) for part in split_outside(side, "&&"))
        for side in split_outside(text, "||")
    )


def unescape(text: str) -> str:
    """The signs that Message and Default write as pairs."""
    return text.replace("{{", "[").replace("}}", "]").replace("^^", '"')


def _replace_brackets(text: str, scope: Scope) -> str:
    done, place = "", 0
    while (start := text.find("[", place)) >= 0:
        end = find_end(text, start)
        done += text[place:start] + show(
            _evaluate_inside(text[start + 1 : end], scope), scope.culture
        )
        place = end + 1
    return done + text[place:]


def _evaluate_inside(inner: str, scope: Scope) -> Value:
    """The value of what stands between one pair of brackets."""
    if CONTROL.search(inner):
        raise EngineError("Stack empty.")
    if inner.startswith("["):
        end = find_end(inner, 0)
        value = _evaluate_inside(inner[1:end], scope)
        for name, arguments in read_calls(inner[end + 1 :]):
            texts = [show(_evaluate_argument(one, scope), scope.culture) for one in arguments]
            value = call_method(value, name, texts, scope.culture)
        return value
    if inner.startswith("IIf("):
        return _choose(inner, scope)
    if NAME.fullmatch(inner):
        return scope.variables.get(inner, Unknown(inner))
    if "(" in inner:
        raise EngineError(f"Unknown function: {inner}")
    return Unknown(inner)


def _choose(inner: str, scope: Scope) -> Value:
    end = find_end(inner, len("IIf"))
    arguments = split_arguments(inner[len("IIf(") : end])
    if len(arguments) != 3 or inner[end + 1 :]:
        raise EngineError("Unknown function: IIf")
    condition, yes, no = arguments
    return _evaluate_argument(yes if check_condition(condition, scope) else no, scope)


def _evaluate_argument(text: str, scope: Scope) -> Value:
    """Quoted text, a bracketed value, a nested IIf, or bare words with bracketed parts."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if text.startswith("IIf("):
        return _choose(text, scope)
    if text.startswith("[") and find_end(text, 0) == len(text) - 1:
        return _evaluate_inside(text[1:-1], scope)
    return _replace_brackets(text, scope)


def _check_comparison(text: str, scope: Scope, *, skip: bool) -> bool:
    for operator in ("==", "!=", ">", "<"):
        sides = split_outside(text, operator)
        if len(sides) == 2:
            left, right = (_read_operand(side.strip(), scope, skip=skip) for side in sides)
            return _compare(left, operator, right)
    return _read_operand(text, scope, skip=skip).casefold() == "true"


def _read_operand(text: str, scope: Scope, *, skip: bool) -> str:
    bare = bool(text) and text[0] not in '["' and not NUMBER.fullmatch(text)
    if skip and bare and text not in ("True", "False"):
        raise EngineError("InvalidCastException")
    return show(_evaluate_argument(text, scope), scope.culture)


def _compare(left: str, operator: str, right: str) -> bool:
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    try:
        return float(left) > float(right) if operator == ">" else float(left) < float(right)
    except ValueError:
        raise EngineError("InvalidCastException") from None

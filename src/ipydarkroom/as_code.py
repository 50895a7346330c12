"""An order as code: the lines of ours that place it, and the curl commands that do the same without us.

Pure text, to be shown and copied. A token never stands in it: the header names the environment variable that holds it.
"""

from __future__ import annotations

import json
import keyword
import pprint
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .fields import UNSET
from .providers import Then, auth_scheme, get_provider
from .redaction import masked
from .schema import payload
from .tokens import token_names
from .wire import Blob, Reply

if TYPE_CHECKING:
    from .fields import Field
    from .models import Model
    from .providers import Provider
    from .wire import Call

__all__ = ["address", "curl", "endpoints", "example_inputs", "model_code", "model_name", "python"]

_ID = "REQUEST_ID"  # stands where the id of a job goes; in a shell a variable of that name
_OWN_WORDS = frozenset({"again", "provider", "local", "confirm", "timeout"})  # what dr.run takes besides inputs
_WIDTH = 100
_SCHEMA_LETTERS = 4_000  # a longer description hides the order below it
_A_LINK = {"image": "https://example.com/photo.png", "video": "https://example.com/film.mp4", "audio": "https://example.com/sound.mp3"}


def example_inputs(model: Model) -> dict[str, object]:
    """Inputs to show the model with: those of the page's own request, and what is required besides.

    Nothing invented where the schema knows better: a default, the first choice, the least number; a text is `"…"`.
    """
    found = {field.name: model.sample[field.name] for field in model.fields if field.name in model.sample}
    for field in model.fields:
        if field.required and field.name not in found:
            found[field.name] = _example(field)
    return payload(model.root, model.rules, found)


def _example(field: Field) -> object:
    if field.default is not UNSET:
        return field.default
    if field.choices:
        return field.choices[0].value
    match field.kind:
        case "string":
            return _A_LINK.get(field.media.kind, "https://example.com/file") if field.media else "…"
        case "integer" | "number":
            return field.minimum if field.minimum is not None else 1
        case "boolean":
            return True
        case "array":
            return [_example(field.items)] * max(1, min(field.min_items or 1, 4)) if field.items else []
        case _:
            return {}


def model_name(model: Model) -> str | None:
    """The name a bundled or catalog model is found by; None for one that somebody made from a description of their own."""
    if model.provider is None or model.source in ("schema", "page", "openapi", "pydantic"):
        return None
    return model.id if model.provider == "runcomfy" else f"{model.provider}:{model.id}"


def model_code(model: Model) -> str:
    """The line that makes the variable `model` of a model without a name; a comment where the description does not fit here.

    It does not where it is long, where something in it is not shown to others (a signed link), or where it is a class, which
    judges by its own code.
    """
    schema = _plain_schema(model)
    if schema is not None:
        provider = [f"provider={_literal(model.provider)}"] if model.provider else []
        code = _call("dr.Model.from_schema", [_literal(schema), f"id={_literal(model.id)}", *provider])
        if len(code) <= _SCHEMA_LETTERS:
            return f"model = {code}"
    makers = {"page": "dr.Model.from_page(page)", "openapi": "dr.Model.from_openapi(document)", "pydantic": "dr.Model.from_pydantic(YourClass)"}
    made = makers.get(model.source, f"dr.Model.from_schema(schema, id={_literal(model.id)})")
    return f"# `model` was made from a description of your own; make it again before this:\n# model = {made}"


def _plain_schema(model: Model) -> object:
    """The description as JSON has it; None where it is not all of the model, or not for others' eyes."""
    if not model.schema or model.judge is not None or masked(model.schema) != model.schema:
        return None
    try:
        plain: object = json.loads(json.dumps(model.schema, allow_nan=False))
    except (TypeError, ValueError, RecursionError):  # what somebody wrote in Python only
        return None
    return plain if plain == model.schema else None


def python(name: str | None, inputs: Mapping[str, object]) -> str:
    """The call of ours that places the order and waits for its pictures.

    Args:
        name: The model's name, see `model_name`; None writes a variable `model`, see `model_code`.
        inputs: What is ordered. Names that are no Python names, or are `dr.run`'s own, make a mapping of them all.
    """
    first = "model" if name is None else json.dumps(name, ensure_ascii=False)
    if all(map(_is_keyword, inputs)):
        given = [f"{each}={_literal(value)}" for each, value in inputs.items()]
        return _call("dr.run", [first, *given])
    return f"dr.run({first}, {{\n" + "".join(f"    {each!r}: {_literal(value)},\n" for each, value in inputs.items()) + "})"


def _is_keyword(name: str) -> bool:
    """Whether a name can stand before an `=`. Python reads `ﬁt=` as `fit=`, so only what stays as it is counts."""
    stays = unicodedata.normalize("NFKC", name) == name
    return name.isidentifier() and stays and not keyword.iskeyword(name) and name not in _OWN_WORDS


def _call(function: str, arguments: list[str]) -> str:
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    return f"{function}(\n" + "".join(f"    {each},\n" for each in arguments) + ")"


def _literal(value: object) -> str:
    """A Python literal; a text in double quotes where it has none itself, as the rest of the code is written."""
    if isinstance(value, str):
        return '"' + repr("'" + value)[2:] if '"' not in value else repr(value)
    return pprint.pformat(value, width=_WIDTH - 20, sort_dicts=False).replace("\n", "\n    ")


def endpoints(model: Model) -> Iterator[tuple[str, Call]]:
    """What can be asked of the model's provider, by step: `order`, `status`, `result`, `cancel`, `upload`.

    The provider's own calls, with `REQUEST_ID` for the id of the job.
    """
    provider = get_provider(str(model.provider))
    yield "order", provider.submit(model.id, example_inputs(model))
    yield "status", provider.poll(_ID, model.id)
    for word in ("completed", "COMPLETED"):  # the status words of those who ask for the result apart; others have no such question
        done = provider.polled(_ID, Reply(200, {}, json.dumps({"status": word}).encode()), model.id)
        if isinstance(done, Then):
            yield "result", done.call
            break
    if provider.can_cancel and (cancel := provider.cancel(_ID, model.id)) is not None:
        yield "cancel", cancel
    if (upload := provider.upload(Blob(b"", "photo.png", "image/png"))) is not None:
        yield "upload", upload


def curl(provider_name: str, call: Call) -> str:
    """One request as a curl command for a POSIX shell: the body in single quotes, token and id as variables.

    Args:
        provider_name: Whose hosts and whose token.
        call: What to send. A file to upload is written as `@name`.
    """
    provider = get_provider(provider_name)
    lines = [f"curl --request {call.method}", f"--url {_address(provider, call)}"]
    lines.append(f'--header "Authorization: {auth_scheme(provider_name)} ${token_names(provider_name)[0]}"')
    if call.upload is not None:
        lines += [f"--form {_quoted(f'{name}={value}')}" for name, value in call.form]
        lines.append(f"--form {_quoted(f'file=@{call.upload.name}')}")
    elif call.body is not None:
        lines.append("--header 'Content-Type: application/json'")
        lines.append(f"--data {_quoted(json.dumps(call.body, ensure_ascii=False, indent=2))}")
    return " \\\n  ".join(lines)


def address(provider: Provider, call: Call) -> str:
    """Where a call goes, with `REQUEST_ID` for the id of a job."""
    query = f"?{urlencode(call.query)}" if call.query else ""
    return f"{provider.hosts[call.host]}{call.path}{query}"


def _address(provider: Provider, call: Call) -> str:
    """In single quotes, or in double ones where the shell is to put the id in: such an address has nothing else to expand."""
    whole = address(provider, call)
    if _ID in whole and not set(whole) & set('$`"\\!'):
        return f'"{whole.replace(_ID, f"${_ID}")}"'
    return _quoted(whole)


def _quoted(text: str) -> str:
    """One word for a POSIX shell, whatever is in it."""
    return "'" + text.replace("'", "'\\''") + "'"

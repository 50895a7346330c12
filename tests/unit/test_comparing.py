"""What a value of one model becomes at another: as it is, in other words, the nearest, or not at all, and never silently."""

from __future__ import annotations

import dataclasses
from itertools import permutations

import pytest
from pydantic import ValidationError

from ipydarkroom.catalog import bundled, find
from ipydarkroom.catalog.entry import Entry
from ipydarkroom.catalog.overlay import overlaid
from ipydarkroom.comparing import CHANGED, DROPPED, Plan, carry, common_inputs, common_rules, given, plan, role_of
from ipydarkroom.comparing.nearest import frame_of, nearest_frame, nearest_number
from ipydarkroom.comparing.plain import plain
from ipydarkroom.errors import InputError
from ipydarkroom.fields import UNSET, Choice, Field, Media, Rule
from ipydarkroom.models import Model

WIDE = find("ideogram/ideogram-v3/reframe")
KIE = find("kie:ideogram/v3-reframe")
SEEDREAM = find("bytedance/seedream-5/lite/text-to-image")
DREAMINA = find("bytedance/dreamina-4-0/text-to-image")
PAIRS = [pair for pair in permutations(bundled(), 2) if pair[0].kind == pair[1].kind]
LINK = "https://example.org/fox.png"


def plans(models: tuple[Model, ...], **values: object) -> tuple[Plan, ...]:
    """What each would be sent for values under any of their names."""
    commons, said = given(common_inputs(models), values)
    return plan(models, commons, said)


def fates(of: Plan) -> dict[str, str]:
    """Common name -> what became of it, where somebody gave something or something is sent."""
    return {each.common: each.fate for each in of.carried if each.fate != "silent"}


def model(name: str, *fields: Field, **more: object) -> Model:
    """A model of these inputs."""
    return Model(name, "runcomfy", fields, **more)


def enum(name: str, *values: object, kind: str = "string", **more: object) -> Field:
    """An input with these choices, sizes and ratios read as a schema's would be."""
    from ipydarkroom.schema.ratios import ratio_of, size_of

    return Field((name,), kind, choices=tuple(Choice(each, str(each), size_of(each), ratio_of(each)) for each in values), **more)


def fate(member: Field, other: Field, value: object) -> tuple[str, object]:
    """What becomes of a value of the first input at a model that has the second."""
    [common] = [each for each in common_inputs([model("a", member), model("b", other)]) if each.shared]
    found = carry(common, 1, value)
    return found.fate, found.sent


# --- what is the same input


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].provider}-{pair[1].provider}")
def test_every_pair_of_bundled_models_of_one_kind_meets_in_its_main_inputs(pair):
    """Words or picture, and the frame, in either order; nothing of either model is lost on the way to the form."""
    commons = common_inputs(pair)
    shared = {common.role for common in commons if common.shared}

    assert {"frame", "prompt" if pair[0].kind == "text-to-image" else "image"} <= shared
    for at, each in enumerate(pair):
        assert {field.name for field in each.fields} == {common.members[at].name for common in commons if at in common.members}
    assert len(commons) == len({common.name for common in commons})


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].provider}-{pair[1].provider}")
def test_every_frame_of_every_pair_goes_as_it_is_or_says_what_it_becomes(pair):
    """69 ratios against 6 sizes: each choice is sent as listed to the model that lists it, and as a listed one to the other."""
    commons = common_inputs(pair)
    [frames] = [common for common in commons if common.role == "frame"]
    for choice in frames.field.choices:
        first, second = (carry(frames, at, choice.value) for at in (0, 1))

        assert "same" in (first.fate, second.fate)
        for at, found in enumerate((first, second)):
            listed = [each.value for each in frames.members[at].choices]
            assert (found.sent in listed) == (found.fate not in DROPPED), (choice.value, found)
            assert found.sent == choice.value or found.fate in CHANGED | DROPPED | {"written"}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].provider}-{pair[1].provider}")
def test_what_a_pair_would_be_sent_is_what_each_model_takes(pair):
    """With its main inputs given, neither has anything against its own."""
    words = {"prompt": "a fox"} if pair[0].kind == "text-to-image" else {common_inputs(pair)[0].name: LINK}

    assert all(not each.blocked for each in plans(pair, **words))


def test_the_picture_of_two_shops_is_one_input_whatever_they_call_it():
    """`image` here is `image_url` there: declared in the catalog."""
    [image] = [common for common in common_inputs([WIDE, KIE]) if common.role == "image"]

    assert ("image", ("image", "image_url")) == (image.name, image.names)


def test_the_richer_list_leads_whichever_model_comes_first():
    """A person chooses among 69, so that only the coarser model gets a nearest one."""
    for pair in ((WIDE, KIE), (KIE, WIDE)):
        [frames] = [common for common in common_inputs(pair) if common.role == "frame"]

        assert ("resolution", 69) == (frames.name, len(frames.field.choices))


def test_inputs_of_one_name_and_two_kinds_are_two_inputs():
    """RunComfy's `style` is an object, Kie's one of four words; each keeps its own, and says whose it is."""
    names = {common.name: sorted(common.members) for common in common_inputs([WIDE, KIE])}

    assert ([0], [1]) == (names["style"], names["style (kie)"])


def test_a_declared_role_goes_before_a_likely_one():
    """Nobody would guess that `canvas` is the frame; an entry says so."""
    guessed = model("a", enum("canvas", "small", "large"), enum("shape", "1:1", "2:1"))
    declared = dataclasses.replace(guessed, roles={"canvas": "frame"})

    assert (None, "frame") == tuple(role_of(guessed, field) for field in guessed.fields)
    assert ("frame", None) == tuple(role_of(declared, field) for field in declared.fields)


def test_a_role_of_an_input_that_is_not_there_is_a_slip_of_the_pen():
    """And it is nobody's role in a model that lost the input."""
    entry = {"id": "a", "provider": "kie", "kind": "x", "source": "", "schema": {"properties": {"p": {}}}}
    with pytest.raises(ValidationError):
        Entry.model_validate({**entry, "roles": {"q": "prompt"}})
    with pytest.raises(ValidationError):
        Entry.model_validate({**entry, "roles": {"p": "shape"}})
    assert {"p": "prompt"} == Entry.model_validate({**entry, "roles": {"p": "prompt"}}).model().roles


def test_a_newer_page_keeps_the_roles_of_the_names_it_still_has():
    """What the entry declares is laid over a page that says something else, as far as it speaks of the same names."""
    schema = {"type": "object", "properties": {"image_url": {"type": "string"}, "shape": {"type": "string"}}}
    page = dataclasses.replace(Model.from_schema(schema, id=KIE.id, provider="kie"), source="page")

    assert {"image_url": "image"} == overlaid(page).roles
    assert KIE.roles == overlaid(dataclasses.replace(KIE, source="page", roles={})).roles


@pytest.mark.parametrize(("field", "role"), [
    (Field(("seed",), "integer"), "seed"),
    (enum("n", 1, 2, 4, kind="integer"), "count"),
    (enum("aspect_ratio", "auto", "1:1", "16:9"), "frame"),
    (enum("quality", "1K", "2K"), None),
    (Field(("image_urls",), "array", items=Field(("image_urls", 0), "string", media=Media("image"))), "image"),
    (Field(("mask_url",), "string", media=Media("image")), None),
    (Field(("prompt",), "string"), "prompt"),
    (Field(("input_urls",), "array", items=Field(("input_urls", 0), "string", media=Media("file"))), "image"),
    (Field(("images",), "array", items=Field(("images", 0), "string", media=Media("video"))), None),
    (Field(("seed",), "string"), "seed"),
    (enum("seed", "a", "b"), None),
])
def test_roles_that_a_name_or_a_list_suggests(field, role):
    """What most models agree on needs no declaration."""
    assert role == role_of(model("a", field), field)


def test_a_single_picture_that_a_model_demands_is_the_one_to_work_on():
    """Under any name; beside a second one nobody can know which is meant."""
    photo, other = (Field((name,), "string", required=True, media=Media("image")) for name in ("photo", "pose"))

    assert "image" == role_of(model("a", photo), photo)
    assert None is role_of(model("a", photo, other), photo)


def test_of_several_shapes_the_list_of_choices_is_compared():
    """fal takes six names or width and height for `image_size`; the names meet the sizes of others."""
    names = ("square_hd", "square", "portrait_4_3", "landscape_4_3", "landscape_16_9")
    shapes = [{"type": "object", "properties": {"width": {"type": "integer"}}}, {"type": "string", "enum": list(names)}]
    schema = {"properties": {"prompt": {"type": "string"}, "image_size": {"anyOf": shapes, "default": "landscape_4_3"}}, "required": ["prompt"]}
    flux = Model.from_schema(schema, id="fal-ai/flux/dev", provider="fal")
    seedream, fal = plans((SEEDREAM, flux), prompt="a fox", resolution="2848x1600 (16:9)")

    assert ("2848x1600 (16:9)", "landscape_16_9") == (seedream.inputs["resolution"], fal.inputs["image_size"])
    assert not fal.blocked
    assert "landscape_4_3" == next(each for each in plans((SEEDREAM, flux), prompt="a fox")[1].carried if each.input == "image_size").sent


def test_a_list_with_several_shapes_and_no_single_list_of_choices_stays_what_it_is():
    """Nothing is guessed."""
    schema = {"properties": {"size": {"anyOf": [{"enum": ["1:1", "2:1"]}, {"enum": [1, 2]}]}}}
    field = Model.from_schema(schema).field("size")

    assert field is plain(field)


# --- the form


def test_the_form_takes_what_every_model_takes():
    """The shortest prompt, the narrowest bounds, the smallest file of all."""
    one = model(
        "a", Field(("prompt",), "string", required=True, max_length=900), Field(("seed",), "number", maximum=99),
        Field(("image",), "string", media=Media("image", max_bytes=9, mimes=("image/png", "image/webp"))),
    )
    two = model(
        "b", Field(("prompt",), "string", max_length=800), Field(("seed",), "integer", minimum=1, maximum=500),
        Field(("image",), "string", media=Media("image", max_bytes=7, mimes=("image/png",))),
    )
    form = {common.name: common.field for common in common_inputs([one, two])}

    assert (800, True) == (form["prompt"].max_length, form["prompt"].required)
    assert ("integer", 1, 99) == (form["seed"].kind, form["seed"].minimum, form["seed"].maximum)
    assert (7, ("image/png",)) == (form["image"].media.max_bytes, form["image"].media.mimes)


def test_bounds_that_leave_nothing_are_the_leads_own():
    """0 to 1 here, 2 to 20 there: the same word for two things."""
    form = common_inputs([model("a", Field(("scale",), "number", minimum=0, maximum=1)), model("b", Field(("scale",), "number", minimum=2, maximum=20))])

    assert (0, 1) == (form[0].field.minimum, form[0].field.maximum)


def test_what_only_one_model_has_is_folded_away_and_never_prefilled():
    """Kie demands a number of pictures and has a default: that goes by itself, and the form does not ask."""
    form = {common.name: common for common in common_inputs([WIDE, KIE])}

    assert (False, "low") == (form["num_images"].field.required, form["num_images"].field.importance)
    assert "own" == fates(plans((WIDE, KIE), image=LINK)[1])["num_images"]


def test_a_default_is_shown_only_where_all_have_the_same():
    """Silence means 2304 x 1728 at one and 2048 x 2048 at the other: nobody is told that it is one thing."""
    form = {common.name: common.field for common in common_inputs([SEEDREAM, DREAMINA])}

    assert UNSET is form["resolution"].default
    silent = plans((SEEDREAM, DREAMINA), prompt="a fox")
    assert [("silent", "2304x1728 (4:3)"), ("silent", "2048x2048(1:1)")] == [(each.carried[1].fate, each.carried[1].sent) for each in silent]


def test_rules_of_one_models_own_inputs_hold_in_the_form():
    """`max_images` counts only in a series; both are seedream's alone."""
    commons = common_inputs([SEEDREAM, DREAMINA])

    assert (Rule("only_when", "max_images", "sequential_image_generation", "auto", prefilled=True),) == common_rules([SEEDREAM, DREAMINA], commons)


# --- values


def test_a_frame_that_the_other_does_not_have_becomes_its_nearest():
    """12:5 among six sizes: the widest, and the plan says that it was one of six."""
    wide, kie = plans((WIDE, KIE), image=LINK, resolution="1536:640 (12:5)")

    assert "1536:640 (12:5)" == wide.inputs["resolution"]
    assert "landscape_16_9" == kie.inputs["image_size"]
    assert [("resolution", "nearest", "1536:640 (12:5)", "landscape_16_9", 6)] == [
        (each.common, each.fate, each.given, each.sent, each.of) for each in kie.changed
    ]
    assert () == wide.changed


@pytest.mark.parametrize(("given_", "there", "how"), [
    ("1152:864 (4:3)", "landscape_4_3", "resized"), ("1024:1024 (1:1)", "square_hd", "written"), ("512:1536 (1:3)", "portrait_16_9", "nearest"),
    ("864:1152 (3:4)", "portrait_4_3", "resized"), ("1088:960 (17:15)", "square_hd", "nearest"),
])
def test_ratio_comes_first_and_then_pixels(given_, there, how):
    """A square of 1024 is the larger of two squares, and no landscape of a nearer area."""
    kie = plans((WIDE, KIE), image=LINK, resolution=given_)[1]

    assert (there, how) == (kie.inputs["image_size"], fates(kie)["resolution"])


def test_a_choice_under_the_coarser_models_own_name_is_sent_there_as_it_is():
    """Who asks Kie for its small square gets it, and RunComfy the nearest of 69."""
    wide, kie = plans((WIDE, KIE), image_url=LINK, image_size="square")

    assert ("square", "1024:1024 (1:1)") == (kie.inputs["image_size"], wide.inputs["resolution"])
    assert ("same", "resized") == (fates(kie)["resolution"], fates(wide)["resolution"])


def test_a_size_that_names_no_shape_is_left_out_and_says_so():
    """2K lets the model choose; there is nothing to be near to."""
    assert [("resolution", "shapeless")] == [(each.common, each.fate) for each in plans((SEEDREAM, DREAMINA), prompt="a fox", resolution="2K")[1].dropped]


def test_the_same_size_in_other_letters_is_the_same():
    """`2304x1728 (4:3)` and `2304x1728(4:3)` differ by a blank, and each model gets its own spelling."""
    dreamina = plans((SEEDREAM, DREAMINA), prompt="a fox", resolution="2304x1728 (4:3)")[1]

    assert ("2304x1728(4:3)", "written") == (dreamina.inputs["width×height"], fates(dreamina)["resolution"])
    assert () == dreamina.changed


def test_an_input_that_the_other_lacks_is_said_to_be_lacking():
    """RunComfy makes one picture and has no number for it."""
    wide, kie = plans((WIDE, KIE), image=LINK, num_images="3")

    assert ("absent", "3") == (fates(wide)["num_images"], kie.inputs["num_images"])
    assert ["num_images"] == [each.common for each in wide.dropped]


def test_what_a_models_own_rule_keeps_back_is_said_to_be_idle():
    """A number of pictures without a series is not sent."""
    seedream = plans((SEEDREAM, DREAMINA), prompt="a fox", max_images=3)[0]

    assert ("idle", False) == (fates(seedream)["max_images"], "max_images" in seedream.inputs)


def test_a_prompt_is_never_cut():
    """Too long for one is a problem of that one, not a shorter prompt."""
    seedream, dreamina = plans((SEEDREAM, DREAMINA), prompt="fox " * 300)

    assert (False, True) == (seedream.blocked, dreamina.blocked)
    assert len("fox " * 300) == len(dreamina.inputs["prompt"])


COUNT = Field(("n",), "integer", minimum=1, maximum=8)


@pytest.mark.parametrize(("here", "there", "value", "became"), [
    (COUNT, enum("num_images", "1", "2", "4"), 2, ("written", "2")),
    (COUNT, enum("num_images", "1", "2", "4"), 7, ("nearest", "4")),
    (COUNT, enum("num_images", 1, 2, 4, kind="integer"), 3, ("nearest", 2)),
    (enum("num_images", "1", "2"), COUNT, "2", ("written", 2)),
    (Field(("seed",), "integer"), Field(("seed",), "integer", maximum=99), 100, ("outside", UNSET)),
    (Field(("seed",), "integer"), Field(("seed",), "number", exclusive_minimum=0), 0, ("outside", UNSET)),
    (Field(("seed",), "integer"), Field(("seed",), "number"), 7, ("same", 7)),
    (Field(("seed",), "integer"), Field(("seed",), "string"), 7, ("written", "7")),
    (enum("mood", "Quiet", "Loud"), enum("mood", "quiet", "loud"), "Quiet", ("written", "quiet")),
    (enum("mood", "quiet", "wild"), enum("mood", "quiet", "loud"), "wild", ("unlisted", UNSET)),
    (Field(("mood",), "string"), enum("mood", "quiet", "loud"), "loud", ("same", "loud")),
    (enum("duration", "5", "10"), Field(("duration",), "integer"), "5", ("written", 5)),
    (Field(("on",), "boolean"), Field(("on",), "boolean"), True, ("same", True)),
])
def test_values_of_other_kinds(here, there, value, became):
    """Numbers as digits and digits as numbers, the nearest count, letters of another case; what fits nothing is left out."""
    assert became == fate(here, there, value)


ONE = Field(("image",), "string", media=Media("image"))
MANY = Field(("image_urls",), "array", items=Field(("image_urls", 0), "string", media=Media("image")))


@pytest.mark.parametrize(("here", "there", "value", "became"), [
    (ONE, MANY, LINK, ("written", [LINK])),
    (MANY, ONE, [LINK], ("written", LINK)),
    (MANY, ONE, [LINK, "b"], ("first", LINK)),
    (MANY, ONE, [], ("foreign", UNSET)),
    (MANY, MANY, [LINK, "b"], ("same", [LINK, "b"])),
    (ONE, ONE, b"bytes", ("same", b"bytes")),
])
def test_one_file_and_a_list_of_files(here, there, value, became):
    """A model that takes a list gets a list of one; one that takes a file gets the first, and says how many there were."""
    assert became == fate(here, there, value)


def test_local_files_travel_as_they_are(tmp_path):
    """Each model's own order reads them, so that one is uploaded and the other put into the request."""
    photo = tmp_path / "fox.png"
    wide, kie = plans((WIDE, KIE), image=photo)

    assert photo is wide.inputs["image"] is kie.inputs["image_url"]


# --- names


def test_a_name_that_no_model_has_is_refused_with_those_there_are():
    """Like a misspelt input of one model."""
    with pytest.raises(InputError, match="resolution"):
        plans((WIDE, KIE), image=LINK, size="big")


def test_one_input_given_under_two_names_is_refused():
    """Nobody can know which was meant."""
    with pytest.raises(InputError, match="image and image_url"):
        plans((WIDE, KIE), image=LINK, image_url="https://example.org/b.png")


def test_of_two_inputs_with_one_name_the_one_that_takes_the_value_is_meant():
    """`style` as a word is Kie's, as an object RunComfy's."""
    assert "DESIGN" == plans((WIDE, KIE), image=LINK, style="DESIGN")[1].inputs["style"]
    assert {"a": 1} == plans((WIDE, KIE), image=LINK, style={"a": 1})[0].inputs["style"]


def test_the_forms_own_name_goes_before_a_models():
    """`style (kie)` is called `style` by Kie; both names of the form are told apart."""
    commons, said = given(common_inputs([WIDE, KIE]), {"style": {"a": 1}, "style (kie)": "DESIGN", "image": LINK})
    wide, kie = plan([WIDE, KIE], commons, said)

    assert ({"a": 1}, "DESIGN") == (wide.inputs["style"], kie.inputs["style"])


def test_a_value_that_fits_no_model_reaches_the_form_and_says_so_there():
    """It is not dropped on the way."""
    commons, said = given(common_inputs([WIDE, KIE]), {"seed": "many"})

    assert {"seed": "many"} == said
    assert all(each.blocked or fates(each).get("seed") == "foreign" for each in plan([WIDE, KIE], commons, said))


# --- nearest


def test_no_frame_is_nearest_to_one_without_a_shape():
    """And none is found among choices without any."""
    assert None is frame_of("2K")
    assert None is nearest_frame((1.0, None), (Choice("2K", "2K"),))
    assert None is nearest_number(2, (Choice("two", "two"), Choice(True, "yes")))


def test_among_equal_frames_the_models_own_default_is_taken():
    """Where nothing is known of pixels, its default is what it does best; else the first listed."""
    choices = (Choice("a 1:1", "", None, (1, 1)), Choice("b 1:1", "", None, (1, 1)))

    assert ("b 1:1", "written") == (nearest_frame((1.0, None), choices, "b 1:1")[0].value, nearest_frame((1.0, None), choices)[1])
    assert "a 1:1" == nearest_frame((1.0, None), choices)[0].value

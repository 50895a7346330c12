"""Never run: the face as a type checker sees it."""

from __future__ import annotations

from pathlib import Path

import ipydarkroom as dr
from ipydarkroom.jobs import State


def submit_and_wait(client: dr.Client) -> Path:
    """What the README shows."""
    job: dr.Job = client.submit("ideogram/ideogram-v3/reframe", {"image": "photo.jpg"}, resolution="1024:1024 (1:1)")
    state: State = job.state
    result: dr.Result = job.wait(5).result(timeout=60)
    picture: dr.Picture = result.images[0]
    if state.is_terminal and job.error is not None:
        raise job.error
    return picture.save("fox.png")


def decide(client: dr.Client) -> float | None:
    """An order whose answer was lost, and what an account has left."""
    for job in client.resume():
        if job.state is State.UNCERTAIN and job.reconcile() == "open":
            again: dr.Job = job.send_again(confirm=True)
            again.give_up()
    left: float = client.balance("kie").usd
    return left if client.spent().usd else client.estimate("ideogram/v3-reframe", num_images="2").usd


def side_by_side(client: dr.Client) -> list[object]:
    """Two shops, one order."""
    shops = dr.Compare(["runcomfy:ideogram/ideogram-v3/reframe", "kie:ideogram/v3-reframe"], client=client, image="photo.jpg")
    jobs: tuple[dr.Job, ...] = shops.submit(confirm=True)
    return shops.wait(60).to_dict()["seconds"] if jobs and not shops.plans[0].changed else []


def look_around(client: dr.Client) -> float | None:
    """What there is, and one of it."""
    found = client.models("reframe", category="image", refresh=True)
    model: dr.Model = client.model(found[0].id, found[0].provider)
    return model.price.usd if model.price else None


async def the_same_awaited(client: dr.AsyncClient, model: dr.Model) -> dr.Result:
    """One body, two faces."""
    job: dr.AsyncJob = await client.submit(model, prompt="a fox")
    return await job


def from_a_page(client: dr.Client, page: Path) -> tuple[dr.Model, dr.Panel]:
    """A documentation page stands where a model does."""
    model: dr.Model = dr.Model.from_page(page)
    client.submit(model, prompt="a fox")
    client.submit("page.md", prompt="a fox")
    return dr.Model.from_page("the text of a page"), dr.Panel(page)


def in_a_cell() -> dict[str, object]:
    """A panel works from code as well."""
    panel = dr.Panel("ideogram/v3-reframe", provider="kie", language="ja")
    panel.value = {"num_images": "2"}
    panel.submit()
    dr.use(language="ja", local=True, budget=dr.Budget(jobs=20, usd=1.5))
    said: str = dr.login("kie", keep=False).sentence
    panel.value = {"num_images": said or dr.logout("kie").account}
    dr.run("ideogram/v3-reframe", {"num_images": "2"})
    return panel.value

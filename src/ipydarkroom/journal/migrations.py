"""The journal's shape as numbered steps. A step is never edited once released; a change is a new step.

`PRAGMA user_version` counts the steps done. All open steps run in one transaction.
"""

from __future__ import annotations

__all__ = ["STEPS"]

# Times are seconds since the epoch, 0 where not reached. `inputs` is JSON with files as name and hash; a signed
# link's query stays in it, which is why the file is readable by its owner only.
_FIRST = """
create table jobs (
    id text primary key,
    provider text not null,
    origin text not null,
    backend text not null,
    account text not null,
    model text not null,
    inputs text not null,
    fingerprint text not null,
    remote_id text not null,
    state text not null,
    word text not null,
    created real not null,
    sent real not null,
    started real not null,
    finished real not null,
    cost real,
    charged text not null,
    note text not null,
    owner text not null,
    lease real not null,
    error text
) strict;
create unique index jobs_remote on jobs (provider, origin, remote_id) where remote_id != '';
create index jobs_created on jobs (created);
create index jobs_fingerprint on jobs (fingerprint);
create table outputs (
    job text not null references jobs (id),
    idx integer not null,
    url text not null,
    media text not null,
    path text not null,
    mime text not null,
    sha256 text not null,
    size integer not null,
    width integer not null,
    height integer not null,
    primary key (job, idx)
) strict;
create table events (
    job text not null references jobs (id),
    at real not null,
    name text not null,
    state text not null,
    word text not null
) strict;
create index events_job on events (job);
"""

# What an order may cost is reserved in the same transaction that writes it; `usd` becomes the real cost once known.
# `hints` keeps what callbacks said, also about jobs we do not know: one of them may be the answer of a lost order.
# `facts` holds the few things a journal remembers about itself, such as the secret in its callback addresses.
_SECOND = """
alter table jobs add column pictures integer;
alter table jobs add column usd real;
alter table jobs add column budget text not null default '';
create index jobs_open on jobs (owner) where state not in ('succeeded', 'failed', 'cancelled');
create index jobs_budget on jobs (budget) where budget != '';
create index jobs_model on jobs (provider, model, created);
create index outputs_missing on outputs (job) where path = '';
create table hints (
    job text not null,
    provider text not null,
    remote_id text not null,
    at real not null,
    primary key (job, provider, remote_id)
) strict;
create table facts (name text primary key, value text not null) strict;
"""

STEPS: tuple[str, ...] = (_FIRST, _SECOND)

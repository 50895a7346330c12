"""English: the reference. Keys are `<subject>.<name>`; placeholders are plain names in braces."""

from __future__ import annotations

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {
    # badge
    "badge.local": "local",
    "badge.local_process": "Painted in this Python process. Nothing is sent to a provider and nothing is charged.",
    "badge.local_url": "Painted by a server on this machine. Nothing is charged.",
    # card
    "card.cost": "cost {cost}, as {provider} counts",
    "card.file": "{count} file",
    "card.files": "{count} files",
    "card.given_up": "Given up: nobody knows whether the order was placed.",
    "card.picture": "{count} picture",
    "card.pictures": "{count} pictures",
    "card.progress": "progress",
    "card.queue": "{position} ahead in the queue",
    "card.queue_next": "next in the queue",
    "card.saving": "saving, {kept} of {count}",
    "card.sent": "sent {time}",
    "card.word": "the provider says “{word}”",
    # charged
    "charged.maybe": "It may have been charged.",
    "charged.no": "Nothing was charged.",
    "charged.yes": "It was charged.",
    # error
    "error.ambiguous_model": "{message}",
    "error.ambiguous_model.next": "Say which one: {names}.",
    "error.auth": "The token was not accepted: {message}",
    "error.auth.next": "Check the token: a regenerated one replaces the old at once.",
    "error.balance": "The account has not enough left: {message}",
    "error.balance.next": "Top up the account, then run again.",
    "error.base_url": "{message}",
    "error.base_url.next": "Give base_url as https://… or http://127.0.0.1:…",
    "error.broken_file": "The {kind} is broken or cut short: {reason}",
    "error.budget_exceeded": "The budget would be exceeded: {why}. Nothing was sent.",
    "error.budget_exceeded.next": "Raise budget=, or ask for less.",
    "error.callback_url": "The callback address is not a complete one.",
    "error.callback_url.next": "Give it as https://…, such as client.callbacks(...).url.",
    "error.file_gone": "This order had a file that the journal does not keep, so it cannot be sent again from here.",
    "error.file_gone.next": "Order it anew with the file.",
    "error.file_moved": "This was made before, but {name} is no longer where it was kept.",
    "error.file_moved.next": "again=True orders a new one.",
    "error.id_taken": "Another job of this journal has the id {id}.",
    "error.id_taken.next": "Look for another generation of the same time on the provider's page.",
    "error.cannot_ask": "Nobody can be asked for a token here.",
    "error.cannot_ask.next": "Set the environment variable {name} before this process starts.",
    "error.input": "{message}",
    "error.input.next": "Change the inputs the message names.",
    "error.job_cancelled": "The job was cancelled before any work, so there is no picture.",
    "error.job_cancelled.next": "Run again if you still want the picture.",
    "error.job_cancelled_at_work": "The job was cancelled when work had begun: there is no picture, and it may be charged.",
    "error.job_cancelled_at_work.next": "Run again if you still want the picture.",
    "error.job_failed": "The job failed: {message}",
    "error.job_failed.next": "Read the message, then decide whether to run again.",
    "error.job_not_found": "{message}",
    "error.job_not_found.next": "client.jobs() lists what there is; client.adopt(...) takes in a provider's id.",
    "error.local_only": "This notebook was started to stay on this machine; nothing goes to a hosted service.",
    "error.local_only.next": "Start Jupyter without IPYDARKROOM_LOCAL to use your account.",
    "error.may_pay_twice": "The first order may have been placed: sending it again may be paid twice.",
    "error.may_pay_twice.next": (
        "Look at the provider's list of generations first; send_again(confirm=True) orders anew."
    ),
    "error.login_broken": "That is no token: it has a blank, a line break or a letter that no token has.",
    "error.login_broken.next": 'Copy it again from {page}, then call dr.login("{provider}") again.',
    "error.login_empty": "Nothing was typed.",
    "error.login_empty.next": 'Copy the token from {page}, then call dr.login("{provider}") again.',
    "error.login_placeholder": "That is the documentation's placeholder, not a token.",
    "error.login_placeholder.next": 'Copy your own from {page}, then call dr.login("{provider}") again.',
    "error.model_not_found": "{message}",
    "error.model_not_found.next": "Check the model id on the provider's page.",
    "error.needs_confirmation": "{message}",
    "error.needs_confirmation.next": "Say that you agree (confirm=True); nothing was sent.",
    "error.no_answer": "No usable answer came: {message}",
    "error.no_answer.next": "Try again later.",
    "error.no_callbacks": "{provider} makes no callbacks.",
    "error.no_callbacks.next": "Leave callback_url out: the job is watched anyway.",
    "error.no_keyring": "There is no keyring here that could keep a token.",
    "error.no_keyring.next": (
        'Install "ipydarkroom[keyring]" on a computer with a keyring, or set an environment variable instead.'
    ),
    "error.no_token": "There is no token for {provider}.",
    "error.no_token.next": (
        'Set {name} (see {page}) before Jupyter starts, or call dr.login("{login}"), or run on this machine.'
    ),
    "error.not_a_picture": "These bytes are not a picture of a known type.",
    "error.not_a_schema": "{message}",
    "error.not_a_schema.next": "Give a JSON Schema with type object.",
    "error.not_saved": "The picture is made, but could not be fetched yet: {message}",
    "error.not_saved.next": "Ask for the result again: that is free.",
    "error.not_sent": "No connection to {host}; nothing was sent.",
    "error.not_sent.next": "Check the connection (and proxy), then run again.",
    "error.not_uncertain": "Job {id} is {state}: there is nothing to decide.",
    "error.not_uncertain.next": "There is nothing to decide any more.",
    "error.not_written": "The disk did not keep the file: {reason}. The folder is {folder}.",
    "error.not_written.next": "Make room, or make {folder} writable, then ask for the result again: that is free.",
    "error.placeholder_token": "There is no token for {provider}: {wrong} holds the documentation's placeholder.",
    "error.placeholder_token.next": (
        'Set {name} (see {page}) before Jupyter starts, or call dr.login("{login}"), or run on this machine.'
    ),
    "error.rate_limited": "Too many requests at once: {message}",
    "error.rate_limited.next": "Wait a little, then run again.",
    "error.refused": "The provider said no: {message}",
    "error.refused.next": "Read the provider's message; the same order may go again.",
    "error.shrink": "The picture cannot be made smaller: {reason}",
    "error.shrink_link": "Only a file can be made smaller, not a link.",
    "error.spending_forbidden": "Paid hosts are switched off, so nothing was sent to {host}.",
    "error.spending_forbidden.next": "Allow spending, or run on this machine with local=True.",
    "error.storage": "{message}",
    "error.storage.next": "Make room on the disk, or set IPYDARKROOM_HOME to a folder you may write to.",
    "error.submit_uncertain": (
        "The order left and no answer came: it may have been placed, and paid. It is never sent again by itself."
    ),
    "error.submit_uncertain.next": (
        "Look at the provider's own list before you order again: the order is never sent a second time by itself."
    ),
    "error.too_many_pixels": "The picture has too many pixels; {limit} megapixels are unpacked at most.",
    "error.unknown": "{message}",
    "error.unknown_file": "The result is not a picture, video or sound of a known type.",
    "error.unknown_file.next": "The provider's link may have expired; look at its own list of generations.",
    "error.unreadable": "The answer could not be read: {message}",
    "error.unreadable.next": "Try again later; a proxy or login page may stand between you and the provider.",
    "error.wait_timeout": "{message}",
    "error.wait_timeout.next": "Wait again; nothing is lost.",
    # field
    "field.color_palette.help": (
        'JSON; for example {{"name": "PASTEL"}}, or weighted colours under "members". The page does not describe '
        "it."
    ),
    "field.color_palette.title": "Colours",
    "field.force_single.help": "Without it the model may make a series, which takes longer.",
    "field.force_single.title": "One picture only",
    "field.height.title": "Height",
    "field.image.help": "A public https link, or a file from this computer.",
    "field.image.title": "Picture",
    "field.image_size.choice.landscape_16_9": "landscape 16:9 (1024 × 576)",
    "field.image_size.choice.landscape_4_3": "landscape 4:3 (1024 × 768)",
    "field.image_size.choice.portrait_16_9": "portrait 9:16 (576 × 1024)",
    "field.image_size.choice.portrait_4_3": "portrait 3:4 (768 × 1024)",
    "field.image_size.choice.square": "square (512 × 512)",
    "field.image_size.choice.square_hd": "square HD (1024 × 1024)",
    "field.image_size.help": "Shape of the new frame. The page gives no pixels; those shown are our assumption.",
    "field.image_size.title": "New frame",
    "field.image_url.help": "A public https link, or a file from this computer: jpeg, png or webp, 10 MB at most.",
    "field.image_url.title": "Picture",
    "field.max_images.help": "Counts only while several pictures are allowed.",
    "field.max_images.title": "At most how many",
    "field.negative_prompt.title": "What to avoid",
    "field.num_images.help": "Each picture is charged.",
    "field.num_images.title": "How many pictures",
    "field.optimize_prompt_options.help": "The server refines the prompt: better, and slower. There is one mode.",
    "field.optimize_prompt_options.title": "Prompt tuning",
    "field.output_format.help": "png keeps every pixel; jpeg is smaller.",
    "field.output_format.title": "File format",
    "field.prompt.help": "Say in words what the picture should show.",
    "field.prompt.title": "Prompt",
    "field.rendering_speed.choice.BALANCED": "balanced",
    "field.rendering_speed.choice.QUALITY": "quality",
    "field.rendering_speed.choice.TURBO": "turbo",
    "field.rendering_speed.help": "Faster means less detail.",
    "field.rendering_speed.title": "Rendering speed",
    "field.resolution.help": "Pixels and shape of the picture.",
    "field.resolution.title": "Size",
    "field.scale.help": "How strongly the prompt counts against given pictures: 0 little, 1 much.",
    "field.scale.title": "Weight of the words",
    "field.seed.help": "The same seed and inputs give the same picture. Empty: the server chooses.",
    "field.seed.title": "Seed",
    "field.sequential_image_generation.choice.auto": "allowed (auto)",
    "field.sequential_image_generation.choice.disabled": "one picture only (disabled)",
    "field.sequential_image_generation.help": (
        "When allowed, the model may make a series of pictures. Each may be charged."
    ),
    "field.sequential_image_generation.title": "Several pictures",
    "field.style.choice.AUTO": "auto",
    "field.style.choice.DESIGN": "design",
    "field.style.choice.GENERAL": "general",
    "field.style.choice.REALISTIC": "realistic",
    "field.style.title": "Style",
    "field.style_codes.help": "JSON. The page names them without describing them. They take the place of the style.",
    "field.style_codes.title": "Style codes",
    "field.width.title": "Width",
    "field.width×height.help": "Pixels and shape of the picture.",
    "field.width×height.title": "Size",
    # figure
    "figure.alt": "Picture made by {model}",
    "figure.missing": "The file {name} is no longer where it was kept.",
    "figure.seed": "seed {seed}",
    "figure.too_large": "The picture {name} ({width} × {height}) is kept, but too large to show here.",
    "figure.unreadable": "The file {name} can no longer be read as a picture.",
    # gallery
    "gallery.at_saving": "{state} when this was saved",
    "gallery.empty": "No pictures yet.",
    # interrupt
    "interrupt.job": 'The waiting was stopped; the job goes on. client.job("{id}").result() waits for it again.',
    "interrupt.jobs": "The waiting was stopped; the jobs go on. panel.wait() waits for them again.",
    "interrupt.order": "Interrupted while an order was being placed: it may go on. client.jobs() shows it.",
    # link
    "link.generations": "See {provider}'s own list of generations",
    "link.top_up": "Top up at {provider}",
    # login
    "login.done": "{provider}: account {account} is used from now on, in this process only.",
    "login.forgotten": "{provider}: the token is forgotten.",
    "login.how_to_keep": "dr.login(\"{name}\", keep=True) keeps it in this computer's keyring for next time.",
    "login.how_to_set": "To have it next time, set {name} before Jupyter starts.",
    "login.kept": (
        "{provider}: account {account} is used from now on; the token is kept in this computer's keyring "
        "({keyring})."
    ),
    "login.nothing_there": "{provider}: there was no token to forget.",
    "login.prompt": "Token for {provider} ({page}):",
    "login.shared": (
        "This server may be shared ({why}): whoever else can use it can use your {provider} account too, at "
        'your cost. dr.logout("{name}") removes the token.'
    ),
    "login.still_set": (
        "The surroundings still give one: unset {name}, or remove the notebook's secret, to be rid of it."
    ),
    "login.written": (
        "Your token stands in cell {number}, so it is saved with this notebook. Make a new one at {page}, "
        'remove that line, and call dr.login("{name}") instead.'
    ),
    # model
    "model.bytedance/dreamina-4-0/text-to-image.title": "Dreamina 4.0 · words to picture",
    "model.bytedance/seedream-5/lite/text-to-image.prompt.help": (
        "Say in words what the picture should show. Very long prompts scatter: details may be ignored."
    ),
    "model.bytedance/seedream-5/lite/text-to-image.resolution.choice.2K": "2K · shape as the prompt says",
    "model.bytedance/seedream-5/lite/text-to-image.resolution.choice.3K": "3K · shape as the prompt says",
    "model.bytedance/seedream-5/lite/text-to-image.resolution.help": (
        "Pixels and shape. With 2K or 3K the model chooses the shape: describe it in the prompt (wide, portrait, "
        "16:9)."
    ),
    "model.bytedance/seedream-5/lite/text-to-image.title": "Seedream 5 lite · words to picture",
    "model.ideogram/ideogram-v3/reframe.resolution.help": "Pixels of the new frame, and its ratio of width to height.",
    "model.ideogram/ideogram-v3/reframe.resolution.title": "New frame",
    "model.ideogram/ideogram-v3/reframe.style.help": "JSON, free-form: the page does not describe it.",
    "model.ideogram/ideogram-v3/reframe.title": "Ideogram 3 · a picture in another frame",
    "model.ideogram/v3-reframe.style.help": "How the new parts look. Not together with style codes.",
    "model.ideogram/v3-reframe.title": "Ideogram 3 on Kie · a picture in another frame",
    # model_card
    "model_card.accepts": "accepts",
    "model_card.choices_more": "and {count} more",
    "model_card.default": "default",
    "model_card.help": "help",
    "model_card.input": "input",
    "model_card.no_provider": "local",
    "model_card.required": "required",
    # panel
    "panel.adopt": "Adopt",
    "panel.adopt.doing": "Adopting…",
    "panel.at_least": "{minimum} or more",
    "panel.at_most": "{maximum} or less",
    "panel.attended": "Another kernel follows this job; read along here.",
    "panel.balance": "{provider}: {usd} left",
    "panel.balance_credits": "{provider}: {amount} {unit} left (about {usd})",
    "panel.budget.both": "budget: {jobs} of {most_jobs} orders, {used} of {limit}",
    "panel.budget.jobs": "budget: {jobs} of {most_jobs} orders",
    "panel.budget.usd": "budget: {used} of {limit}",
    "panel.cancel": "Cancel",
    "panel.cancel.asking": "Asking to stop…",
    "panel.cancel.not_offered": (
        "No longer watched here. This provider cannot cancel: the job goes on and may be charged. "
        'client.job("{id}").result() picks its pictures up.'
    ),
    "panel.cancel.not_offered_local": (
        'No longer watched here. It goes on, and nothing is charged. client.job("{id}").result() picks its '
        "pictures up."
    ),
    "panel.cancel.still_running": "It could not be stopped any more: work has begun, so it goes on and may be charged.",
    "panel.cancel.still_running_local": (
        "It could not be stopped any more: work has begun, so it goes on. Nothing is "
        "charged."
    ),
    "panel.cancel.stopped": "Stopped before any work began; nothing is charged.",
    "panel.cancel.stopped_at_work": "Stopped. Work had begun, so it may be charged.",
    "panel.cancel.unknown": "No clear answer came: it may still be running, and may be charged.",
    "panel.cancel.unknown_local": "No clear answer came: it may still be running. Nothing is charged.",
    "panel.characters": "{count} / {limit} characters",
    "panel.closed": "This panel was closed. Make a new one.",
    "panel.consent": "This runs at {provider} with your account and may cost money.",
    "panel.consent.next": "Nothing was ordered yet. Press Run again to agree; you are asked once.",
    "panel.consent_price": "This runs at {provider} with your account and may cost money: {usd} at most, by its catalog.",
    "panel.consent_price.next": "Nothing was ordered yet. Press Run again to agree; you are asked once.",
    "panel.earlier.many": "{count} earlier jobs are unfinished.",
    "panel.earlier.many_uncertain": "{count} earlier jobs are unfinished ({uncertain} uncertain).",
    "panel.earlier.one": "An earlier job is unfinished.",
    "panel.earlier.one_uncertain": "An earlier job is unfinished: nobody knows whether its order was placed.",
    "panel.earlier.show": "Show them",
    "panel.earlier.show_one": "Show it",
    "panel.give_up": "Give up",
    "panel.give_up.doing": "Giving up…",
    "panel.have_id": "I have its id",
    "panel.id": "The id on the provider's list",
    "panel.look_again": "Look again",
    "panel.look_again.doing": "Looking…",
    "panel.look_at": "Nothing was sent yet. Please look at:",
    "panel.more": "More settings ({count})",
    "panel.moved": (
        "This panel now runs elsewhere: see the line at its top. Nothing was ordered; press Run again if you "
        "agree."
    ),
    "panel.not_set": "(not set)",
    "panel.not_set_default": "(not set: {value})",
    "panel.not_watched": "not watched",
    "panel.range": "{minimum} to {maximum}",
    "panel.repeat": "You ordered just this {seconds} s ago.",
    "panel.repeat.next": "Press Run again for another one.",
    "panel.required": "required",
    "panel.reset": "Start over",
    "panel.results.developing": "A picture is on its way",
    "panel.results.empty": "Your pictures will develop here.",
    "panel.run": "Run",
    "panel.run.open.pictures": "number of pictures open",
    "panel.run.open.results": "number of results open",
    "panel.run.pictures": "up to {count} pictures",
    "panel.run.results": "up to {count} results",
    "panel.seed.empty": "empty: the server chooses",
    "panel.seed.roll": "Roll the dice",
    "panel.send_again": "Send again",
    "panel.send_again.asks": (
        "The first order may have been placed, so sending it again may be paid twice. Press once more to "
        "send it."
    ),
    "panel.send_again.doing": "Sending…",
    "panel.send_again.sure": "Yes, send again: may pay twice",
    "panel.static": (
        "The form for {model} works while its kernel runs: run this cell to use it, and again after a restart. Its "
        "pictures stay below."
    ),
    "panel.still_open": "Still nothing known here. The provider's own list may show the job; its id can be given here.",
    "panel.stop_watching": "Stop watching",
    "panel.unexpected": "Something unexpected went wrong in the panel ({kind}): {message}",
    "panel.unexpected.next": "Jobs already ordered are safe: see client.jobs(). The log has the details.",
    "panel.unknown_price": "What this costs is not known, and there is a budget in money.",
    "panel.unknown_price.next": "Press Run again to agree: it counts as all that is left until the real cost is known.",
    "panel.upload": "Choose a file",
    "panel.upload.limit": "a file may have {size} at most",
    "panel.upload.link": "https://… or a file on this computer",
    "panel.upload.preview": "Preview of {name}",
    "panel.upload.remove": "Remove the file",
    "panel.where.local": "This machine",
    "panel.where.nowhere": "Locked",
    "panel.words": "{count} / about {limit} words",
    # problem
    "problem.choice": "This is not one of the {count} allowed values.",
    "problem.depends": "Needed together with {other}.",
    "problem.does_not_count": "This does not count with the other settings; it is left out.",
    "problem.exclusive_maximum": "This should be less than {limit}.",
    "problem.exclusive_minimum": "This should be more than {limit}.",
    "problem.file_advised": "{size} is more than the advised {limit}; the provider may be slow or refuse it.",
    "problem.file_empty": "{name} is empty.",
    "problem.file_folder": "{path} is a folder, not a file.",
    "problem.file_inline": (
        "{name} has {size}; at most {limit} can travel inside the request. Shrink it to fit, or give an https link."
    ),
    "problem.file_kind": "{name} is not a file of the right kind. Known here: {known}.",
    "problem.file_mime": "{name} is {mime}; the model takes {allowed}.",
    "problem.file_missing": "{path} does not exist. The working folder is {folder}. A link begins with https://.",
    "problem.file_text": "The open file gives text. Open it in binary mode.",
    "problem.file_too_large": "{name} has {size}; at most {limit} are taken. It can be shrunk to fit.",
    "problem.file_type": "A {type} does not stand for a file. Give a path, bytes, a picture or an https link.",
    "problem.file_unreadable": "{path} cannot be read: {reason}",
    "problem.format": "This does not look like {format}; it can be sent all the same.",
    "problem.link_invalid": "This is not a complete link.",
    "problem.link_login": "A link must not carry a user name or password.",
    "problem.link_private": "This address is private: the provider's server cannot reach it.",
    "problem.link_scheme": "A link must begin with https://, not {scheme}: — a server has to reach it safely.",
    "problem.max_contains": "At most {limit} items of this kind are taken.",
    "problem.max_items": "At most {limit} are taken.",
    "problem.max_length": "This has {length} characters; at most {limit} are taken.",
    "problem.max_properties": "At most {limit} entries are taken.",
    "problem.maximum": "This should be {limit} or less.",
    "problem.min_contains": "At least {limit} items of this kind are needed.",
    "problem.min_items": "At least {limit} are needed.",
    "problem.min_length": "This has {length} characters; at least {limit} are needed.",
    "problem.min_properties": "At least {limit} entries are needed.",
    "problem.minimum": "This should be {limit} or more.",
    "problem.misspelt": "The model's page does not know {name}; it is sent all the same. Did you mean {near}?",
    "problem.multiple_of": "This should be a multiple of {step}.",
    "problem.name_not_allowed": "{name} is not an allowed name here.",
    "problem.no_branch": "This has none of the {count} allowed forms.",
    "problem.not_a_number": "“{typed}” is not a number. Write it like 0.5.",
    "problem.not_a_whole_number": "“{typed}” is not a whole number. Write it like 42.",
    "problem.not_allowed": "This is not allowed here.",
    "problem.not_both": "Give only one of these: {names}.",
    "problem.not_json": (
        "This is not complete JSON yet: look at line {line}, column {column}. Text needs double quotes."
    ),
    "problem.not_sendable": "This holds something JSON cannot say ({type}), so it cannot be sent.",
    "problem.not_together": "Not together with {other}; it is left out.",
    "problem.one_needed": "One of these is needed: {names}.",
    "problem.pattern": "This does not have the form {pattern}.",
    "problem.required": "This is required.",
    "problem.several_branches": "This has several of the {count} forms at once; exactly one is allowed.",
    "problem.type": "This should be of kind {kind}.",
    "problem.undocumented": "The model's page does not know {name}; it is sent all the same.",
    "problem.unique_items": "Every item may occur once only.",
    "problem.unjudged": (
        "Part of the model's schema ({words}) is judged by the server only. With the package jsonschema "
        "installed it is judged here."
    ),
    "problem.unknown_name": "The model does not take {name}. Did you mean {near}?",
    "problem.whole_schema": "The model's schema does not allow this ({keyword}).",
    "problem.words": "This has {words} words; about {limit} are advised. It can be sent all the same.",
    # result
    "result.reused": "Made {when}, nothing paid now; again=True for a new one.",
    # route
    "route.asked": "Runs on this machine, free, as this notebook asks. dr.use(local=False) switches to your account.",
    "route.base_url": "Runs at {host}, the address given by hand.",
    "route.environment": (
        "Runs on this machine, free: Jupyter was started with IPYDARKROOM_LOCAL=1. Start it without this variable to "
        "use your account."
    ),
    "route.journal": "Runs where it was ordered: {host}.",
    "route.no_provider": "Runs on this machine, free: a bare schema has no provider.",
    "route.no_token": (
        "Runs on this machine, free: there is no token for {provider}. To use your account, set {name} "
        'before Jupyter starts, or call dr.login("{login}").'
    ),
    "route.placeholder": (
        "Runs on this machine, free: {wrong} holds the documentation's placeholder, not a token. Put your "
        'token into {name} before Jupyter starts, or call dr.login("{login}").'
    ),
    "route.token": "Runs at {host} with your account; each run may cost money.",
    "route.token_missing": (
        "Would run at {host}, but there is no token: set {name} before Jupyter starts, or call "
        'dr.login("{login}").'
    ),
    # state
    "state.cancelled": "cancelled",
    "state.failed": "failed",
    "state.planned": "planned",
    "state.queued": "queued",
    "state.running": "running",
    "state.submitting": "submitting",
    "state.succeeded": "succeeded",
    "state.uncertain": "uncertain",
}

"""How a comparison of models is told: one form for all, what each one gets, the pictures side by side, a small table. No widgets.

`words` names models, prices and what became of a value, `form` is the form of all in words, `mapping` the table of what will be
sent, `pictures` what came of it, `table` the same as numbers.
"""

from .form import form_model
from .mapping import mapping_html
from .pictures import Seat, Turn, turn_html
from .table import ComparisonTable, table_of
from .words import price_text, provider_title, shop_names

__all__ = [
    "ComparisonTable", "Seat", "Turn", "form_model", "mapping_html", "price_text", "provider_title", "shop_names", "table_of", "turn_html",
]

"""How a picture is made: words become a study, a study becomes layers, layers become pixels, band by band.

`words` and `palettes` read and choose, `study` decides, `scenes` and its siblings arrange, `sky`, `land`, `water` and the
other things draw, `canvas` exposes; `extension` continues a given picture; `encode` and `decode` are the doors to files.
"""

__all__: list[str] = []

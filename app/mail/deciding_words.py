"""Words by which people say in a mail that they authorize or deny something (es, en, pt)."""

import re

LONGEST = 1_500  # characters of a mail that are looked at

_WORDS = r"""
    (?:lo|la|los|las|le|les)?\s*(?:des)?autoriz(?:o|amos|ado|ada|ados|adas|aci[oó]n|a[cç][aã]o|amento)
  | (?:lo|la)?\s*(?:apruebo|aprobamos|aprobad[oa]s?|acepto|aceptamos|aceptad[oa]s?|confirmo|rechazo|deniego|denegad[oa])
  | doy\s+(?:mi|el|nuestro)\s+(?:visto\s+bueno|consentimiento|conformidad|ok|permiso)
  | (?:estoy|estamos)\s+(?:de\s+acuerdo|conforme)s?  | adelante\s+con | conforme
  | (?:aprovo|aprovamos|aprovad[oa]s?|aceito|aceitamos|concordo|recuso|nego)
  | dou\s+(?:a\s+minha|o\s+meu)\s+(?:autoriza[cç][aã]o|consentimento|aval|acordo)
  | (?:estou|estamos)\s+de\s+acordo | podem?\s+(?:avan[cç]ar|prosseguir) | pueden?\s+(?:proceder|seguir\s+adelante)
  | authori[sz]e[ds]? | authori[sz]ation\s+(?:is\s+)?(?:granted|given|denied) | approve[ds]?
  | (?:i|we)\s+(?:agree|accept|consent|decline|refuse|deny) | go\s+ahead | (?:please\s+)?proceed
"""
DECIDES = re.compile(rf"(?<!\w)(?:{_WORDS})(?!\w)", re.IGNORECASE | re.VERBOSE)


def say_they_decide(text: str) -> bool:
    """Whether the writer may mean to decide by this mail. Too often is no harm: they are shown the way, once."""
    return bool(DECIDES.search(text[:LONGEST]))

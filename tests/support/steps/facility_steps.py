"""The search for facilities on its page."""

from tests.support.clients.forms import fill
from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient

SEARCH = "/faskes"


def search_for(client: PageClient, name: str = "", kind: str = "Semua jenis") -> list[str]:
    """Fill in the form and send it; the names that are found."""
    client.get(SEARCH).submit("Cari", {"Nama faskes": name, "Jenis": kind})
    return shown(client)


def tell_position(
    client: PageClient, latitude: str, longitude: str, words: dict[str, str] | None = None
) -> PageClient:
    """What the script does: the form of the button with what the phone says, and the `words` of
    the search."""
    submission = fill(client.document, "Pakai lokasi saya", {})
    told = {"latitude": latitude, "longitude": longitude}
    submission.fields = [(name, told.get(name, value)) for name, value in submission.fields]
    submission.fields += (words or {}).items()
    return client.send(submission)


def shown(client: PageClient) -> list[str]:
    """The names in the list."""
    spans = client.document.elements("span")
    return [text_of(it) for it in spans if it.get("class") == "row-title"]


def links(client: PageClient) -> list[str]:
    """The names of the links."""
    return [client.document.name_of(it) for it in client.document.elements("a")]


def addresses(client: PageClient) -> list[str]:
    """Where the links lead."""
    return [it.get("href", "") for it in client.document.elements("a")]

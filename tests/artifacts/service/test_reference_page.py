"""The page that says what can be asked: from the OpenAPI description, with nothing from elsewhere."""

import re

from artifacts.service.reference_page import operations, reference_page

OPENAPI = {
    "info": {"version": "1.2", "description": "What <it> serves."},
    "paths": {
        "/forecast": {
            "get": {
                "description": "The forecast.",
                "parameters": [{"name": "from", "description": "The <first> time."}],
                "responses": {"200": {"description": "Well."}, "422": {"description": "Not here."}},
            }
        }
    },
}


def test_it_has_each_address_with_its_parameters_and_statuses():
    (one,) = operations(OPENAPI)
    assert (one.path, one.text, one.parameters[0].name, one.statuses) == (
        "/forecast", "The forecast.", "from", (("200", "Well."),),
    )  # fmt: skip


def test_its_text_is_escaped_and_it_loads_nothing():
    page = reference_page(OPENAPI)
    assert "What &lt;it&gt; serves." in page and "The &lt;first&gt; time." in page
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page)
    assert "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-" in page

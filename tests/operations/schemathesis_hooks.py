"""What Schemathesis cannot know of the API: which answers of 400 to what the description allows are right."""

from typing import Any

import schemathesis

CODES = ("topic", "substance", "symptom", "medicine", "treatment", "collection")


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether it is a failure. A position is signed, `relevance` is an order of a search, a version was published once,
    a code is one that the library has."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 400:
        return True
    problem = response.json()
    is_made_up_position = problem["code"] == "invalid-cursor" and {"after", "cursor"} & set(case.query)
    wrong = [error["parameter"] for error in problem["errors"]]
    is_relevance_of_nothing = wrong == ["order"] and "q" not in case.query
    is_no_version = wrong == ["version"] and response.request.method == "POST"
    is_no_code = len(wrong) == 1 and wrong[0] in CODES and "of this library" in problem["detail"]
    return not (is_made_up_position or is_relevance_of_nothing or is_no_version or is_no_code)

from __future__ import annotations

import pytest
from sklearn.metrics import ndcg_score

from benchmarks.ndcg import ndcg
from benchmarks.search_judgements import Judged, clusters, judged


def test_the_best_order_is_one_and_nothing_found_is_nought() -> None:
    grades = {"a": 2, "b": 1, "c": 1}
    assert ndcg(["a", "b", "c"], grades) == 1 and ndcg([], grades) == 0
    assert ndcg(["x", "y"], grades) == 0
    assert ndcg(["b", "a", "c"], grades) < ndcg(["a", "x", "b", "c"], grades) < 1


def test_a_complete_ranking_is_as_scikit_learn_has_it() -> None:
    grades = {"a": 2, "b": 0, "c": 1, "d": 2, "e": 0}
    for depth in (2, 3, 10):
        gains = [[2**grade - 1 for grade in grades.values()]]
        theirs = ndcg_score(gains, [[1, 5, 4, 3, 2]], k=depth)
        assert ndcg(["b", "c", "d", "e", "a"], grades, depth) == pytest.approx(theirs)


def test_copies_gain_once_and_take_their_places() -> None:
    grades = {"a": 2, "b": 2}
    assert ndcg(["a", "a", "b"], grades) == ndcg(["a", "x", "b"], grades)


def test_only_the_first_ten_count() -> None:
    assert ndcg(["x"] * 10 + ["a"], {"a": 1}) == 0
    assert ndcg([str(n) for n in range(10)], {str(n): 2 for n in range(30)}) == 1


def test_without_a_wanted_document_there_is_no_measure() -> None:
    with pytest.raises(ValueError, match="wanted"):
        ndcg(["a"], {"a": 0})


def test_a_cluster_has_the_best_grade_of_what_is_named_in_it() -> None:
    documents = [
        {"title": "通报", "text": "…", "cluster_id": "1"},
        {"title": "转载", "text": "…", "cluster_id": "1"},
        {"title": "", "text": "来电了", "cluster_id": "2"},
        {"title": "", "text": "来电了", "cluster_id": "3"},
    ]
    grades = Judged("x", False, {"转载": 1, "通报": 2, "来电了": 1}).by_cluster(clusters(documents))
    assert grades == {"1": 2, "2": 1, "3": 1}


def test_the_judged_queries_are_sixty_and_each_wants_something() -> None:
    found = judged()
    assert len({each.query for each in found}) == 60
    assert sum(each.held for each in found) == 20
    assert all(2 in each.grades.values() for each in found)

"""Every name and query makes an id that a watch topic may have."""

from console.watch_pages import watch_of


def test_any_name_can_be_a_watch_topic():
    for number in range(100):  # the hash of most of them begins with a digit
        assert watch_of(f"关注{number}", "电价", "").id[0] == "w"

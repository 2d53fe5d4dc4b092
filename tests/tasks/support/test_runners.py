"""Where tasks run beside each other: which server they and Prefect's own threads talk to."""

from concurrent.futures import ThreadPoolExecutor

from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings

from tasks.support.runners import runner

HERE = "http://127.0.0.1:9/api"


def in_a_new_thread():
    """What a thread sees that was not given the settings of whoever started it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: get_current_settings().api.url).result()


def test_a_thread_of_the_pool_knows_the_runs_server_and_starts_none():
    before = in_a_new_thread()
    with temporary_settings({PREFECT_API_URL: HERE}):
        assert in_a_new_thread() == before != HERE
        with runner("processes", 1, None):
            assert get_current_settings().api.url == HERE
            assert in_a_new_thread() == HERE
        assert in_a_new_thread() == before

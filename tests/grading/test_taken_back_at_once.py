"""A sign-off that is taken back from two windows at once is taken back once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from grading import services
from grading.models import Read
from tests.builders import make_signed_off_read

TRIES = 5  # each with both at the read's lock, in whichever order


def test_two_windows_at_once_take_a_sign_off_back_once(transactional_db):
    for _ in range(TRIES):
        read = make_signed_off_read()
        both = Barrier(2)

        def take_back(pk=read.pk, both=both):
            own = Read.objects.get(pk=pk)
            both.wait()
            try:
                return services.take_sign_off_back(own).is_signed_off
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            windows = [pool.submit(take_back) for _ in range(2)]

        assert [window.result() for window in windows] == [False, False]
        assert read.reopenings.count() == 1

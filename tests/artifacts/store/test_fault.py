"""A fault is told with its remedy, and mended where that can be done."""

from artifacts.store.atomic import CannotWrite
from artifacts.store.fault import Fault, tried


def test_it_is_told_in_one_line():
    assert Fault("x is gone", "put it back").told() == "x is gone: put it back"
    assert Fault("x is gone").told() == "x is gone"


def test_what_can_be_mended_is_and_says_how():
    assert tried(Fault("x is torn", "", lambda: "deleted")) == (True, "mended: x is torn: deleted")


def test_what_only_a_hand_can_mend_stays_wrong():
    assert tried(Fault("x is gone", "put it back")) == (False, "not mended: x is gone: put it back")


def test_what_the_disk_does_not_allow_stays_wrong():
    def full():
        raise CannotWrite("the disk is\nfull")

    def away():
        raise OSError("gone")

    assert tried(Fault("x is torn", "", full)) == (False, "not mended: x is torn: the disk is full")
    assert tried(Fault("x is torn", "", away)) == (False, "not mended: x is torn: gone")

"""Errors of the library: one line each, which says what is wrong, where, and what mends it."""


class WavecastError(Exception):
    """A problem the user can mend. Its text is one line, fit to be shown as it is, without a traceback."""


class SeriesTooShort(WavecastError):
    """There are fewer points than the network needs to learn from even one window."""


class Diverged(WavecastError):
    """A loss or weight stopped being finite while training."""

    def __init__(self, epoch: int, lr: float) -> None:
        super().__init__(
            f"training diverged in epoch {epoch} at learning rate {lr:g}: the loss or a weight is not finite; "
            f"try a smaller learning rate, such as {lr / 10:g}"
        )
        self.epoch = epoch
        self.lr = lr


class KernelMissing(WavecastError):
    """A kernel was asked for by name whose library is not installed."""


class NoVerdict(WavecastError):
    """The gate cannot be computed: there are too few folds, or a forecast on one of them is not a number."""


class CorruptModel(WavecastError):
    """A model file cannot be read as the network it should hold."""

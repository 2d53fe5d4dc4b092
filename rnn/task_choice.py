"""Choose the task for a file: what the user asks, else the champion's, else what the doctor proposes for the series."""

from rnn.doctor import plan_for
from rnn.errors import SeriesTooShort
from rnn.experiment import AskedTask, Task
from rnn.known_inputs import NotKnownAhead
from rnn.readers.summary import FileSummary


def choose(found: FileSummary, asked: AskedTask, champions: Task | None = None) -> tuple[Task, str]:
    """The task for the series that `found` sums up, and the reason in a sentence; empty where all was asked for.

    `asked`: fields that are not None win. `champions`: the task of the store's champion, which is kept. Raises
    HorizonTooLong when more points would be forecast than are known, NotKnownAhead when inputs end before that, and
    SeriesTooShort when no task suits the series.
    """
    size, horizon = asked.group_size, asked.horizon
    if size is not None and horizon is not None:
        task, why = asked.task, ""
    elif champions is not None:
        task = Task(group_size=size or champions.group_size, horizon=horizon or champions.horizon)
        why = f"Group size {task.group_size} and horizon {task.horizon}, as the champion has them."
    else:
        task, why = _proposed(found, size, horizon)
    task.check_horizon(found.points)
    _check_known(found, task)
    return task, why


def _check_known(found: FileSummary, task: Task) -> None:
    """Raise NotKnownAhead where the inputs of a file end before what is to be forecast does."""
    ahead = task.horizon * task.group_size
    if found.ahead is None or ahead <= found.ahead:
        return
    ends = " and ".join(f"column '{column}' at {end}" for column, end in found.ends.items()) or "holidays"
    most = found.ahead // task.group_size
    remedy = f"give at most --horizon {most}" if most else f"give --group-size {found.ahead} --horizon 1"
    raise NotKnownAhead(
        f"{found.file}: --horizon {task.horizon} in groups of {task.group_size} is {ahead} points ahead, and what is "
        f"known ahead ends {found.ahead} points after the last value ({ends}): complete the file, or {remedy}"
    )


def _proposed(found: FileSummary, size: int | None, horizon: int | None) -> tuple[Task, str]:
    """The doctor's plan with the `size` or the `horizon` that is given; its horizon keeps its length in points."""
    plan = plan_for(found)
    if plan is None:
        raise SeriesTooShort(f"{found.file}: {found.points} points are too few to learn from: give a longer series")
    if size is not None:
        ahead = plan.group_size * plan.horizon
        most = None if found.ahead is None else found.ahead // size
        horizon = max(1, round(ahead / size) if most is None else min(round(ahead / size), most))
        task = Task(group_size=size, horizon=horizon)
        return task, f"Horizon {task.horizon} in groups of {size}, since {ahead} points suit the file."
    if horizon is not None:
        return Task(group_size=plan.group_size, horizon=horizon), plan.why[0]
    return Task(group_size=plan.group_size, horizon=plan.horizon), " ".join(plan.why)

"""The loops of the compiled kernel, four float64 at a time.

A vector register of the processor holds four float64, here called *lanes*. Many models fill them best: lane m belongs
to model m of a block of four, and every line of the article's arithmetic becomes one instruction for four models
(`learn_abreast`). A model that is alone puts four neighbouring hidden units into them (`learn_alone`). The order in
which a model's numbers are added is the same in both, and so are the bits: a model does not show who was beside it.
How weights and states lie in memory is `rnn.elman.kernels.compiled`'s.

Lanes and loops are one file on purpose: Numba looks at a function's own file alone to see whether its cache is stale,
so an edit elsewhere would run old machine code.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model
from numba.np.arrayobj import make_array

LANES = 4
"""AVX2 holds four float64; elsewhere LLVM makes two pairs or half a register of them."""


# Lanes, as a type that Numba compiles: four float64 in one register, with + − × ÷.

_DOUBLES = ir.VectorType(ir.DoubleType(), LANES)
_INTEGERS = ir.VectorType(ir.IntType(64), LANES)


class _LanesType(types.Type):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(name="Lanes")


_lanes = _LanesType()


@register_model(_LanesType)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, _DOUBLES)


def _address(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    data = make_array(signature.args[0])(context, builder, arguments[0]).data
    return builder.gep(builder.bitcast(data, _DOUBLES.as_pointer()), [arguments[1]])


@intrinsic  # type: ignore[untyped-decorator]
def _load(typing: Any, array: Any, index: Any) -> Any:
    """Lanes number `index` of a contiguous float64 array."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_address(context, builder, signature, arguments), align=8)

    return _lanes(array, types.intp), generate


@intrinsic  # type: ignore[untyped-decorator]
def _store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _address(context, builder, signature, arguments), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, _lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def _spread(typing: Any, value: Any) -> Any:
    """One number in all lanes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        integer = ir.IntType(32)
        first = builder.insert_element(ir.Constant(_DOUBLES, ir.Undefined), arguments[0], ir.Constant(integer, 0))
        return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(integer, LANES), [0] * LANES))

    return _lanes(types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def _multiply_add(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a b + c, rounded once where the processor can."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        takes = ir.FunctionType(_DOUBLES, [_DOUBLES] * 3)
        name = f"llvm.fmuladd.v{LANES}f64"
        return builder.call(cgutils.get_or_insert_function(builder.module, takes, name), arguments)

    return _lanes(_lanes, _lanes, _lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def _clip(typing: Any, x: Any, limit: Any) -> Any:
    """x, but no further from zero than `limit`; NaN stays NaN."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        x, limit = arguments
        low = builder.fneg(limit)
        x = builder.select(builder.fcmp_ordered(">", x, limit), limit, x)
        return builder.select(builder.fcmp_ordered("<", x, low), low, x)

    return _lanes(_lanes, _lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def _two_to(typing: Any, shifted: Any) -> Any:
    """2ⁿ for n + `_SHIFT`: the sum's lowest bits are the integer n, and an exponent is stored with 1023 added."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.bitcast(arguments[0], _INTEGERS)
        bits = builder.add(bits, ir.Constant(_INTEGERS, [1023] * LANES))
        return builder.bitcast(builder.shl(bits, ir.Constant(_INTEGERS, [52] * LANES)), _DOUBLES)

    return _lanes(_lanes), generate


def _define(sign: Callable[..., Any], instruction: str) -> None:
    @intrinsic  # type: ignore[untyped-decorator]
    def operation(typing: Any, a: Any, b: Any) -> Any:
        return _lanes(_lanes, _lanes), lambda context, builder, signature, both: getattr(builder, instruction)(*both)

    # Without annotations, since Numba wants the lambda's signature and this one alike.
    def chosen(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        both = isinstance(a, _LanesType) and isinstance(b, _LanesType)
        return (lambda a, b: operation(a, b)) if both else None  # noqa: PLW0108

    overload(sign)(chosen)


_define(operator.add, "fadd")
_define(operator.sub, "fsub")
_define(operator.mul, "fmul")
_define(operator.truediv, "fdiv")


def _compile(function: Callable[..., Any]) -> Callable[..., Any]:
    # Nothing of `fastmath`: it is free to undo the rounding to an integer below, and to think that there is no NaN.
    compiled: Callable[..., Any] = njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function)
    return compiled


_SHIFT = 1.5 * 2.0**52  # a float64 of this size has no bits left for a fraction: adding it rounds to an integer
_LOG2_E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10  # their sum is ln 2 with 32 bits more
# (eʳ − 1 − r)/r² by Chebyshev interpolation over |r| ≤ ln 2/2: eʳ − 1 comes out with a relative error of 4·10⁻¹⁷.
_E = (
    *(0.5000000000000001, 0.16666666666666669, 0.04166666666662399, 0.00833333333333005, 0.0013888888917281794),
    *(1.9841269863105968e-04, 2.480152119021773e-05, 2.7557268378684192e-06, 2.7620138719733994e-07),
    2.5100424157005067e-08,
)


@_compile
def _tanh(x: Any) -> Any:
    """tanh within 4 units in the last place, from e²ˣ − 1 =: e as e/(e + 2), which is accurate near zero too.

    2x = n ln 2 + r, so that e²ˣ − 1 = 2ⁿ (eʳ − 1) + (2ⁿ − 1). From |x| = 20 on tanh is ±1 to the last bit.
    """
    x = _clip(x, _spread(20.0))
    x = x + x
    shifted = _multiply_add(x, _spread(_LOG2_E), _spread(_SHIFT))
    n = shifted - _spread(_SHIFT)
    r = _multiply_add(n, _spread(-_LN2_LOW), _multiply_add(n, _spread(-_LN2_HIGH), x))
    r2 = r * r
    r4 = r2 * r2
    low = _multiply_add(
        r2, _multiply_add(r, _spread(_E[3]), _spread(_E[2])), _multiply_add(r, _spread(_E[1]), _spread(_E[0]))
    )
    middle = _multiply_add(
        r2, _multiply_add(r, _spread(_E[7]), _spread(_E[6])), _multiply_add(r, _spread(_E[5]), _spread(_E[4]))
    )
    high = _multiply_add(r, _spread(_E[9]), _spread(_E[8]))
    expm1 = _multiply_add(r2, _multiply_add(r4, _multiply_add(r4, high, middle), low), r)
    scale = _two_to(shifted)
    e = _multiply_add(scale, expm1, scale - _spread(1.0))
    return e / (e + _spread(2.0))


# Many models. An index counts lanes; `a` holds rows of `width` numbers, each number in four lanes.


@_compile
def _times(a: Any, rows: int, width: int, s: Any, s0: int, u: Any) -> None:
    """u = a s. Four rows at once, so that each part of s is loaded once for four products."""
    zero = _spread(0.0)
    for i in range(0, rows, 4):
        p, q, r, o = i * width, (i + 1) * width, (i + 2) * width, (i + 3) * width
        even0, even1, even2, even3 = zero, zero, zero, zero
        odd0, odd1, odd2, odd3 = zero, zero, zero, zero
        for j in range(0, width, 2):
            x = _load(s, s0 + j)
            even0 = _multiply_add(_load(a, p + j), x, even0)
            even1 = _multiply_add(_load(a, q + j), x, even1)
            even2 = _multiply_add(_load(a, r + j), x, even2)
            even3 = _multiply_add(_load(a, o + j), x, even3)
            x = _load(s, s0 + j + 1)
            odd0 = _multiply_add(_load(a, p + j + 1), x, odd0)
            odd1 = _multiply_add(_load(a, q + j + 1), x, odd1)
            odd2 = _multiply_add(_load(a, r + j + 1), x, odd2)
            odd3 = _multiply_add(_load(a, o + j + 1), x, odd3)
        _store(u, i, even0 + odd0)
        _store(u, i + 1, even1 + odd1)
        _store(u, i + 2, even2 + odd2)
        _store(u, i + 3, even3 + odd3)


@_compile
def _times_transposed(a: Any, rows: int, width: int, columns: int, d: Any, d0: int, u: Any) -> None:
    """u = aᵀ d for the first `columns` of a."""
    zero = _spread(0.0)
    for j in range(0, columns, 4):
        even0, even1, even2, even3 = zero, zero, zero, zero
        odd0, odd1, odd2, odd3 = zero, zero, zero, zero
        for i in range(0, rows, 2):
            x, p = _load(d, d0 + i), i * width + j
            even0 = _multiply_add(_load(a, p), x, even0)
            even1 = _multiply_add(_load(a, p + 1), x, even1)
            even2 = _multiply_add(_load(a, p + 2), x, even2)
            even3 = _multiply_add(_load(a, p + 3), x, even3)
            x, p = _load(d, d0 + i + 1), p + width
            odd0 = _multiply_add(_load(a, p), x, odd0)
            odd1 = _multiply_add(_load(a, p + 1), x, odd1)
            odd2 = _multiply_add(_load(a, p + 2), x, odd2)
            odd3 = _multiply_add(_load(a, p + 3), x, odd3)
        _store(u, j, even0 + odd0)
        _store(u, j + 1, even1 + odd1)
        _store(u, j + 2, even2 + odd2)
        _store(u, j + 3, even3 + odd3)


@_compile
def _add_outer(a: Any, rows: int, width: int, d: Any, s: Any, s0: int, stride: int, steps: int) -> None:
    """a += Σ_t d_t s_tᵀ over so many steps."""
    for i in range(rows):
        for j in range(0, width, 4):
            p = i * width + j
            a0, a1, a2, a3 = _load(a, p), _load(a, p + 1), _load(a, p + 2), _load(a, p + 3)
            for t in range(steps):
                x, q = _load(d, t * rows + i), s0 + t * stride + j
                a0 = _multiply_add(x, _load(s, q), a0)
                a1 = _multiply_add(x, _load(s, q + 1), a1)
                a2 = _multiply_add(x, _load(s, q + 2), a2)
                a3 = _multiply_add(x, _load(s, q + 3), a3)
            _store(a, p, a0)
            _store(a, p + 1, a1)
            _store(a, p + 2, a2)
            _store(a, p + 3, a3)


@_compile
def _pack(data: Any, block: int, lead: int, packed: Any) -> None:
    """The data (M or 1, groups, size) of a block's models into lanes (groups, lead + size + rest, lanes)."""
    for lane in range(LANES):
        m = min(block * LANES + lane, data.shape[0] - 1)
        for g in range(data.shape[1]):
            for i in range(data.shape[2]):
                packed[g, lead + i, lane] = data[m, g, i]


@_compile
def learn_abreast(
    all_a: Any,
    all_z: Any,
    minus_lr: Any,
    all_h: Any,
    all_before: Any,
    x: Any,
    y: Any,
    outputs: Any,
    window: int,
    bptt: bool,
) -> None:
    """Blocks of four models, one block after the other: four models' weights fit the fastest cache.

    `all_a` (blocks, hidden, width, lanes) and so on; `x`, `y` (M or 1, groups, size); `outputs` (M, windows, size).
    """
    hidden, width, out, z_width = all_a.shape[1], all_a.shape[2], all_z.shape[1], all_z.shape[2]
    rest = width - hidden
    groups, end = x.shape[1], window * width
    xs, ys = np.zeros((groups, rest, LANES)), np.zeros((groups, out, LANES))
    xs[:, 0] = 1.0
    s = np.zeros((window + 1) * width * LANES)  # what each step sees; of the last row, what the output layer sees
    u, dh, dy = np.zeros(max(hidden, out) * LANES), np.zeros(hidden * LANES), np.zeros(out * LANES)
    d = np.zeros(window * hidden * LANES)
    one = _spread(1.0)
    for block in range(all_a.shape[0]):
        a, z, h, before = all_a[block], all_z[block], all_h[block], all_before[block]
        rate = _load(minus_lr[block], 0)
        _pack(x, block, 1, xs)
        _pack(y, block, 0, ys)
        _store(s, end + hidden, one)
        for i in range(hidden):
            _store(s, i, _load(h, i))
        for k in range(groups - window + 1):
            for t in range(window):
                for i in range(rest):
                    _store(s, t * width + hidden + i, _load(xs, (k + t) * rest + i))
                _times(a, hidden, width, s, t * width, u)
                for i in range(hidden):
                    _store(s, (t + 1) * width + i, _tanh(_load(u, i)))
            _times(z, out, z_width, s, end, u)
            for i in range(outputs.shape[2]):
                for lane in range(min(LANES, outputs.shape[0] - block * LANES)):
                    outputs[block * LANES + lane, k, i] = u[i * LANES + lane]
            for i in range(out):
                error = _load(u, i) - _load(ys, (k + window - 1) * out + i)
                _store(dy, i, rate * (error + error))
            _times_transposed(z, out, z_width, hidden, dy, 0, dh)
            _add_outer(z, out, z_width, dy, s, end, 0, 1)
            for back in range(window):
                t = window - 1 - back
                for i in range(hidden):
                    state = _load(s, (t + 1) * width + i)
                    _store(d, t * hidden + i, _load(dh, i) * (one - state * state))
                if t > 0:
                    _times_transposed(a, hidden, width, hidden, d, t * hidden, dh)
            if bptt:
                _add_outer(a, hidden, width, d, s, 0, width, window)
            else:
                for i in range(hidden):
                    _store(s, i, _load(before, i))
                _add_outer(a, hidden, width, d, s, 0, 0, 1)
            for i in range(hidden):
                _store(before, i, _load(s, width + i))
                _store(s, i, _load(s, end + i))
        for i in range(hidden):
            _store(h, i, _load(s, i))


# One model. Matrices are stored by columns, so that lanes are neighbouring rows; `k` counts lanes of a column.


@_compile
def _columns_times(a: Any, lanes: int, columns: int, s: Any, s0: int, u: Any, u0: int) -> None:
    """u = a s, in the order of `_times` and `_times_transposed`. Four lanes at once, then one by one."""
    zero = _spread(0.0)
    for k in range(0, lanes - lanes % 4, 4):
        even0, even1, even2, even3 = zero, zero, zero, zero
        odd0, odd1, odd2, odd3 = zero, zero, zero, zero
        for j in range(0, columns, 2):
            x, p = _spread(s[s0 + j]), j * lanes + k
            even0 = _multiply_add(_load(a, p), x, even0)
            even1 = _multiply_add(_load(a, p + 1), x, even1)
            even2 = _multiply_add(_load(a, p + 2), x, even2)
            even3 = _multiply_add(_load(a, p + 3), x, even3)
            x, p = _spread(s[s0 + j + 1]), p + lanes
            odd0 = _multiply_add(_load(a, p), x, odd0)
            odd1 = _multiply_add(_load(a, p + 1), x, odd1)
            odd2 = _multiply_add(_load(a, p + 2), x, odd2)
            odd3 = _multiply_add(_load(a, p + 3), x, odd3)
        _store(u, u0 + k, even0 + odd0)
        _store(u, u0 + k + 1, even1 + odd1)
        _store(u, u0 + k + 2, even2 + odd2)
        _store(u, u0 + k + 3, even3 + odd3)
    for k in range(lanes - lanes % 4, lanes):
        even, odd = zero, zero
        for j in range(0, columns, 2):
            even = _multiply_add(_load(a, j * lanes + k), _spread(s[s0 + j]), even)
            odd = _multiply_add(_load(a, (j + 1) * lanes + k), _spread(s[s0 + j + 1]), odd)
        _store(u, u0 + k, even + odd)


@_compile
def _columns_add_outer(
    a: Any, lanes: int, columns: int, d: Any, d_stride: int, s: Any, s0: int, s_stride: int, steps: int
) -> None:
    """a += Σ_t d_t s_tᵀ over so many steps; d by lanes, s by numbers."""
    for j in range(columns):
        for k in range(lanes):
            p = j * lanes + k
            total = _load(a, p)
            for t in range(steps):
                total = _multiply_add(_load(d, t * d_stride + k), _spread(s[s0 + t * s_stride + j]), total)
            _store(a, p, total)


@_compile
def learn_alone(
    a: Any, z: Any, minus_lr: Any, h: Any, before: Any, x: Any, y: Any, outputs: Any, window: int, bptt: bool
) -> None:  # fmt: skip
    """One model. `a` (width, hidden) and so on; `x`, `y` (1, groups, size); `outputs` (1, windows, size)."""
    width, hidden = a.shape
    z_width, out = z.shape
    lanes, out_lanes, end = hidden // LANES, out // LANES, window * width
    v, z_rows = a[:hidden].T.copy(), z[:hidden].T.copy()  # by rows, for the way back; they learn along
    s = np.zeros((window + 1) * width)
    s[hidden::width] = 1.0
    u, dh, dy, d = np.zeros(max(hidden, out)), np.zeros(hidden), np.zeros(out), np.zeros(window * hidden)
    rate, one = minus_lr[0, 0], _spread(1.0)
    for i in range(hidden):
        s[i] = h[0, i]
    for k in range(x.shape[1] - window + 1):
        for t in range(window):
            for i in range(x.shape[2]):
                s[t * width + hidden + 1 + i] = x[0, k + t, i]
            _columns_times(a, lanes, width, s, t * width, u, 0)
            for i in range(lanes):
                _store(s, (t + 1) * width // LANES + i, _tanh(_load(u, i)))
        _columns_times(z, out_lanes, z_width, s, end, u, 0)
        for i in range(outputs.shape[2]):
            outputs[0, k, i] = u[i]
            error = u[i] - y[0, k + window - 1, i]
            dy[i] = rate * (error + error)
        _columns_times(z_rows, lanes, out, dy, 0, dh, 0)
        _columns_add_outer(z, out_lanes, z_width, dy, 0, s, end, 0, 1)
        _columns_add_outer(z_rows, lanes, out, s[end:], 0, dy, 0, 0, 1)
        for back in range(window):
            t = window - 1 - back
            for i in range(lanes):
                state = _load(s, (t + 1) * width // LANES + i)
                _store(d, t * lanes + i, _load(dh, i) * (one - state * state))
            if t > 0:
                _columns_times(v, lanes, hidden, d, t * hidden, dh, 0)
        if bptt:
            _columns_add_outer(a, lanes, width, d, lanes, s, 0, width, window)
            _columns_add_outer(v, lanes, hidden, s, width // LANES, d, 0, hidden, window)
        else:
            for i in range(hidden):
                s[i] = before[0, i]
            _columns_add_outer(a, lanes, width, d, 0, s, 0, 0, 1)
            _columns_add_outer(v, lanes, hidden, s, 0, d, 0, 0, 1)
        for i in range(hidden):
            before[0, i] = s[width + i]
            s[i] = s[end + i]
    for i in range(hidden):
        h[0, i] = s[i]

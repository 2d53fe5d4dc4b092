/* The article's walk for one model in plain C, for benchmarks/kernels.py: how far a compiler gets alone.

   Sizes are given when compiling (INPUTS, HIDDEN, OUTPUTS, WINDOW), BPTT chooses the rule, and OWN_TANH a tanh that the
   compiler can turn into vector instructions; without it libm's is called. Matrices are stored by columns. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define WIDTH (HIDDEN + 1 + INPUTS)

#ifdef OWN_TANH
static inline double tanh_(double x) {
    x = x > 20 ? 20 : x;
    x = x < -20 ? -20 : x;
    x += x;
    double shifted = x * 1.4426950408889634 + 0x1.8p52, n = shifted - 0x1.8p52;
    double r = x - n * 6.93147180369123816490e-01 - n * 1.90821492927058770002e-10, q = 2.5100424157005067e-08;
    q = q * r + 2.7620138719733994e-07;
    q = q * r + 2.7557268378684192e-06;
    q = q * r + 2.480152119021773e-05;
    q = q * r + 1.9841269863105968e-04;
    q = q * r + 0.0013888888917281794;
    q = q * r + 0.00833333333333005;
    q = q * r + 0.04166666666662399;
    q = q * r + 0.16666666666666669;
    q = q * r + 0.5000000000000001;
    double expm1_r = q * r * r + r, scale;
    uint64_t bits;
    memcpy(&bits, &shifted, 8);
    bits = (bits + 1023) << 52;
    memcpy(&scale, &bits, 8);
    double e = scale * expm1_r + (scale - 1);
    return e / (e + 2);
}
#else
#define tanh_ tanh
#endif

/* a: [V | b | W] by columns (WIDTH, HIDDEN); v: V by rows (HIDDEN, HIDDEN); z: [Z | c] by columns (HIDDEN + 1, OUTPUTS);
   zr: Z by rows (OUTPUTS, HIDDEN). v and zr are copies for the way back and learn along. x (groups, INPUTS),
   y (groups, OUTPUTS), h (HIDDEN) is carried on, before (HIDDEN) the state stored after the group before. */
void learn(double (*restrict a)[HIDDEN], double (*restrict v)[HIDDEN], double (*restrict z)[OUTPUTS],
           double (*restrict zr)[HIDDEN], double *restrict h, double *restrict before, const double (*x)[INPUTS],
           const double (*y)[OUTPUTS], long groups, double lr) {
    double s[WINDOW + 1][WIDTH], d[WINDOW][HIDDEN], dh[HIDDEN], u[HIDDEN], dy[OUTPUTS];
    memcpy(s[0], h, sizeof u);
    for (int t = 0; t <= WINDOW; t++) s[t][HIDDEN] = 1;
    for (long k = 0; k + WINDOW <= groups; k++) {
        for (int t = 0; t < WINDOW; t++) {
            memcpy(s[t] + HIDDEN + 1, x[k + t], sizeof x[0]);
            for (int i = 0; i < HIDDEN; i++) u[i] = 0;
            for (int j = 0; j < WIDTH; j++)
                for (int i = 0; i < HIDDEN; i++) u[i] += a[j][i] * s[t][j];
            for (int i = 0; i < HIDDEN; i++) s[t + 1][i] = tanh_(u[i]);
        }
        for (int i = 0; i < OUTPUTS; i++) dy[i] = -y[k + WINDOW - 1][i];
        for (int j = 0; j <= HIDDEN; j++)
            for (int i = 0; i < OUTPUTS; i++) dy[i] += z[j][i] * s[WINDOW][j];
        for (int i = 0; i < OUTPUTS; i++) dy[i] *= -2 * lr;
        for (int i = 0; i < HIDDEN; i++) dh[i] = 0;
        for (int j = 0; j < OUTPUTS; j++)
            for (int i = 0; i < HIDDEN; i++) dh[i] += zr[j][i] * dy[j];
        for (int j = 0; j <= HIDDEN; j++)
            for (int i = 0; i < OUTPUTS; i++) z[j][i] += dy[i] * s[WINDOW][j];
        for (int j = 0; j < OUTPUTS; j++)
            for (int i = 0; i < HIDDEN; i++) zr[j][i] += dy[j] * s[WINDOW][i];
        for (int t = WINDOW - 1; t >= 0; t--) {
            for (int i = 0; i < HIDDEN; i++) d[t][i] = dh[i] * (1 - s[t + 1][i] * s[t + 1][i]);
            if (t == 0) break;
            for (int i = 0; i < HIDDEN; i++) dh[i] = 0;
            for (int j = 0; j < HIDDEN; j++)
                for (int i = 0; i < HIDDEN; i++) dh[i] += v[j][i] * d[t][j];
        }
        if (!BPTT) memcpy(s[0], before, sizeof u);
        for (int j = 0; j < WIDTH; j++)
            for (int t = 0; t < (BPTT ? WINDOW : 1); t++)
                for (int i = 0; i < HIDDEN; i++) a[j][i] += d[t][i] * s[t][j];
        for (int j = 0; j < HIDDEN; j++)
            for (int t = 0; t < (BPTT ? WINDOW : 1); t++)
                for (int i = 0; i < HIDDEN; i++) v[j][i] += d[t][j] * s[t][i];
        memcpy(before, s[1], sizeof u);
        memcpy(s[0], s[WINDOW], sizeof u);
    }
    memcpy(h, s[0], sizeof u);
}

/* The mathematical functions of dist.h. Every step is an IEEE 754 basic operation in a fixed order,
 * so the results have the same bits everywhere; the C library's own functions differ between
 * platforms. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "runner/workload/dist.h"

/* ln 2 in two parts; the first has 32 bits, so its product with an exponent is exact. */
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)). With s = f / (2 + f), ln(1 + f) = 2 artanh(s)
 * = 2 s + s R, R = 2 s^2 / 3 + 2 s^4 / 5 + ...; and 2 s = f - s f, so the leading term f is exact.
 */
double tg_det_log(double x)
{
    assert(x > 0 && x <= 0x1.fffffffffffffp1023);
    int k = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        k = -54;
    }
    const uint64_t bits = bits_of(x);
    k += (int)(bits >> 52) - 1023;
    double m = from_bits((bits & UINT64_C(0xFFFFFFFFFFFFF)) | UINT64_C(1023) << 52);
    if (m > 0x1.6a09e667f3bcdp0) {
        m *= 0.5;
        k++;
    }
    const double f = m - 1;
    const double s = f / (2 + f);
    const double z = s * s;
    double r = 2.0 / 21;
    for (int odd = 19; odd >= 3; odd -= 2)
        r = r * z + 2.0 / odd;
    r *= z;
    const double half_square = 0.5 * f * f;
    const double tail = s * (half_square + r) + k * LN2_LOW;
    return k * LN2_HIGH - ((half_square - tail) - f);
}

/* x = k ln 2 + r with |r| <= ln 2 / 2; e^r by its Taylor series. */
double tg_det_exp(double x)
{
    if (x > 709.79)
        return INFINITY;
    if (x < -745.2)
        return 0;
    const int k = (int)(x * 0x1.71547652b82fep0 + (x < 0 ? -0.5 : 0.5));
    const double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    static const double inverse_factorial[] = {1.0 / 2,        1.0 / 6,         1.0 / 24,
                                               1.0 / 120,      1.0 / 720,       1.0 / 5040,
                                               1.0 / 40320,    1.0 / 362880,    1.0 / 3628800,
                                               1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
    double p = 0;
    for (int i = 11; i >= 0; i--)
        p = p * r + inverse_factorial[i];
    const double e = 1 + (r + r * r * p);
    /* In two steps, because 2^k alone may be out of range where the result is not. */
    const int half = k / 2;
    return e * from_bits((uint64_t)(half + 1023) << 52) *
           from_bits((uint64_t)(k - half + 1023) << 52);
}

/* Ratio of two polynomials of degree 7, lowest coefficient first. */
static double ratio(const double above[8], const double below[8], double x)
{
    double a = above[7];
    double b = below[7];
    for (int i = 6; i >= 0; i--) {
        a = a * x + above[i];
        b = b * x + below[i];
    }
    return a / b;
}

double tg_det_normal_quantile(double p)
{
    /* The coefficients a, b (centre), c, d (tails) and e, f (far tails) of AS 241. */
    static const double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                               1.9715909503065514427e+3, 1.3731693765509461125e+4,
                               4.5921953931549871457e+4, 6.7265770927008700853e+4,
                               3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[] = {1,
                               4.2313330701600911252e+1,
                               6.8718700749205790830e+2,
                               5.3941960214247511077e+3,
                               2.1213794301586595867e+4,
                               3.9307895800092710610e+4,
                               2.8729085735721942674e+4,
                               5.2264952788528545610e+3};
    static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                               5.76949722146069140550e0,  3.64784832476320460504e0,
                               1.27045825245236838258e0,  2.41780725177450611770e-1,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1,
                               2.05319162663775882187e0,
                               1.67638483018380384940e0,
                               6.89767334985100004550e-1,
                               1.48103976427480074590e-1,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};
    static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    assert(p > 0 && p < 1);
    const double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425)
        return q * ratio(a, b, 0.180625 - q * q);
    const double r = sqrt(-tg_det_log(q < 0 ? p : 1 - p));
    const double z = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
    return q < 0 ? -z : z;
}

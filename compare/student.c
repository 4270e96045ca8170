#include "compare/student.h"

#include <assert.h>
#include <math.h>

/* In terms of the angle with tan = t / sqrt(degrees), which goes from 0 to pi/2. */
static double within_angle(double angle, size_t degrees)
{
    bool odd = degrees % 2 == 1;
    double cosine = cos(angle);
    /* 1 + 1/2 cos^2 + (1 3)/(2 4) cos^4 + ..., or cos + 2/3 cos^3 + (2 4)/(3 5) cos^5 + ... */
    double term = odd ? cosine : 1;
    double sum = 0;
    for (size_t power = odd ? 1 : 0; power + 2 <= degrees; power += 2) {
        sum += term;
        term *= cosine * cosine * (double)(power + 1) / (double)(power + 2);
    }
    sum *= sin(angle);
    return odd ? (angle + sum) * M_2_PI : sum;
}

double tg_student_within(double t, size_t degrees)
{
    assert(t >= 0 && degrees >= 1);
    return within_angle(atan(t / sqrt((double)degrees)), degrees);
}

double tg_student_factor(double share, size_t degrees)
{
    assert(share >= 0 && share < 1 && degrees >= 1);
    double low = 0;
    double high = M_PI_2;
    for (;;) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            return tan(middle) * sqrt((double)degrees);
        if (within_angle(middle, degrees) < share)
            low = middle;
        else
            high = middle;
    }
}

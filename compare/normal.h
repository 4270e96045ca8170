/* The standard normal distribution, where an exact one ends. */
#ifndef TG_COMPARE_NORMAL_H
#define TG_COMPARE_NORMAL_H

/* P(Z <= z); full relative accuracy in the lower tail. 0 and 1 for the infinities. */
double tg_normal_cdf(double z);
/* The z with P(Z <= z) = p, for p in [0, 1]: -infinity at 0, infinity at 1. */
double tg_normal_quantile(double p);

#endif

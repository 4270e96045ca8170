# Reference values of compare/proportion.c: Rscript tests/reference/proportion.R > tests/reference/proportion_r.inc
cat("/* By proportion.R, R ", paste(R.version$major, R.version$minor, sep = "."), ": binom.test. */\n/* clang-format off */\n", sep = "")
cat("static const struct proportion_row proportion_rows[] = {\n")
for (case in list(c(0, 1), c(1, 1), c(0, 10), c(1, 10), c(5, 10), c(10, 10), c(0, 20), c(19, 20), c(0, 50), c(2, 50),
                  c(47, 50), c(0, 100), c(1, 100), c(5, 100), c(95, 100), c(1, 200), c(0, 300), c(3, 1000), c(999, 1000))) {
    for (confidence in c(0.9, 0.95, 0.99)) {
        bounds <- binom.test(case[1], case[2], conf.level = confidence)$conf.int
        cat(sprintf("    {%d, %d, %.17g, %.17g, %.17g},\n", case[1], case[2], (1 - confidence) / 2, bounds[1], bounds[2]))
    }
}
cat("};\n")

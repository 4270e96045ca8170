/* A comparison as a JUnit file, for CI systems that show test results. */
#ifndef TG_REPORTS_COMPARE_JUNIT_H
#define TG_REPORTS_COMPARE_JUNIT_H

#include "reports/compare/compare_view.h"

/* Appends the document: a test suite for the comparison and one for the run after the change
 * (reports/compare/compare_cases.h). It is valid by the schema of Jenkins (xunit-plugin,
 * junit-10.xsd) and by that of Ant (windyroad/JUnit-Schema, JUnit.xsd). The cases of a suite were
 * measured together: each has an equal part of the time that the suite took. `made_by` is a literal
 * that stands in a comment, as tg_page_mark writes it. */
void tg_compare_junit(const struct tg_compare_view *view, const char *made_by, struct tg_text *out);

#endif

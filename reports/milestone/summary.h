/* What the JSON summary of a milestone is called. docs/milestone.md documents every key. */
#ifndef TG_REPORTS_MILESTONE_SUMMARY_H
#define TG_REPORTS_MILESTONE_SUMMARY_H

#define TG_MILESTONE_KIND "tailgate-milestone"
enum { TG_MILESTONE_FORMAT = 1 };

#endif

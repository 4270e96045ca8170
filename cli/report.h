/* `tailgate report KIND`: one file per kind. argv[0] is the kind's name. */
#ifndef TG_CLI_REPORT_H
#define TG_CLI_REPORT_H

int tg_report_kind_run(int argc, char **argv);
int tg_report_kind_index(int argc, char **argv);
int tg_report_kind_compare(int argc, char **argv);
int tg_report_kind_milestone(int argc, char **argv);

#endif

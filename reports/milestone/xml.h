/* XML that we did not write, by way of expat, with what it may do to us cut off: no entities of its
 * own, nothing loaded, nested no deeper than TG_XML_MOST_DEPTH. */
#ifndef TG_REPORTS_MILESTONE_XML_H
#define TG_REPORTS_MILESTONE_XML_H

#include <stddef.h>

#include "common/diag.h"

enum { TG_XML_MOST_DEPTH = 64 };

struct tg_xml; /* a document while it is read */

struct tg_xml_reader {
    /* `attributes` are names and values in turn, and end with NULL. */
    void (*start)(struct tg_xml *xml, void *context, const char *name, const char **attributes);
    void (*end)(struct tg_xml *xml, void *context, const char *name); /* may be NULL */
    /* A piece of character data; may be NULL. */
    void (*text)(struct tg_xml *xml, void *context, const char *text, size_t length);
    void *context;
};

/* Reads a whole document. Any bytes: TG_INVALID comes with an error at line and column. */
enum tg_status tg_xml_read(const char *text, size_t length, const char *path,
                           const struct tg_xml_reader *reader, struct tg_diags *diags) TG_CHECKED;

/* Levels above the element that starts or ends: 0 for the root. */
size_t tg_xml_depth(const struct tg_xml *xml);
/* From within a function of the reader: an error at where it is. No function is called again.
 * `hint` may be NULL. */
void tg_xml_refuse(struct tg_xml *xml, const char *hint, const char *fmt, ...) TG_PRINTF(3, 4);

/* The value of an attribute; NULL: it has none of that name. */
const char *tg_xml_attribute(const char **attributes, const char *name);

#endif

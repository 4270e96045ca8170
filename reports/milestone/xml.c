#include "reports/milestone/xml.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

struct tg_xml {
    XML_Parser parser;
    const struct tg_xml_reader *reader;
    const char *path;
    struct tg_diags *diags;
    size_t depth;
    bool refused;
};

static struct tg_place here(const struct tg_xml *xml)
{
    return (struct tg_place){
        .path = xml->path,
        .line = (int)XML_GetCurrentLineNumber(xml->parser),
        .column = (int)XML_GetCurrentColumnNumber(xml->parser) + 1,
    };
}

void tg_xml_refuse(struct tg_xml *xml, const char *hint, const char *fmt, ...)
{
    if (xml->refused)
        return;
    va_list args;
    va_start(args, fmt);
    char *message = tg_vformat(fmt, args);
    va_end(args);
    struct tg_diag *diag = tg_diag_error(xml->diags, here(xml), "%s", message);
    if (hint)
        tg_diag_hint(diag, "%s", hint);
    free(message);
    xml->refused = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    struct tg_xml *xml = data;
    if (xml->refused)
        return;
    if (xml->depth >= TG_XML_MOST_DEPTH) {
        tg_xml_refuse(xml, "a report of tests or of coverage is flat", "nested more than %d deep",
                      TG_XML_MOST_DEPTH);
        return;
    }
    xml->reader->start(xml, xml->reader->context, name, attributes);
    xml->depth++;
}

static void on_end(void *data, const XML_Char *name)
{
    struct tg_xml *xml = data;
    if (xml->refused)
        return;
    xml->depth--;
    if (xml->reader->end)
        xml->reader->end(xml, xml->reader->context, name);
}

static void on_text(void *data, const XML_Char *text, int length)
{
    struct tg_xml *xml = data;
    if (!xml->refused && xml->reader->text)
        xml->reader->text(xml, xml->reader->context, text, (size_t)length);
}

/* A document type that only names an outside definition is fine, as nobody loads it; Cobertura's
 * own has one. Declarations of its own are how a small file becomes a large one. */
static void on_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
                       const XML_Char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    if (has_internal_subset)
        tg_xml_refuse(data, "no tool that reports tests or coverage needs one; remove it",
                      "declares a document type of its own, which is not read");
}

static void on_skipped_entity(void *data, const XML_Char *name, int is_parameter)
{
    (void)is_parameter;
    tg_xml_refuse(data, "write the character itself, or &amp; &lt; &gt; &quot; &apos;",
                  "the entity \"%s\" is not known", name);
}

enum tg_status tg_xml_read(const char *text, size_t length, const char *path,
                           const struct tg_xml_reader *reader, struct tg_diags *diags)
{
    struct tg_xml xml = {.reader = reader, .path = path, .diags = diags};
    xml.parser = XML_ParserCreate(NULL);
    if (!xml.parser)
        abort();
    XML_SetUserData(xml.parser, &xml);
    XML_SetElementHandler(xml.parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml.parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml.parser, on_doctype);
    XML_SetSkippedEntityHandler(xml.parser, on_skipped_entity);
    bool whole =
        length <= INT_MAX && XML_Parse(xml.parser, text, (int)length, XML_TRUE) == XML_STATUS_OK;
    if (!whole && !xml.refused)
        tg_xml_refuse(&xml, NULL, "is not XML: %s",
                      length > INT_MAX ? "it is too long"
                                       : XML_ErrorString(XML_GetErrorCode(xml.parser)));
    XML_ParserFree(xml.parser);
    return xml.refused ? TG_INVALID : TG_OK;
}

size_t tg_xml_depth(const struct tg_xml *xml)
{
    return xml->depth;
}

const char *tg_xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

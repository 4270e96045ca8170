/* Damages a JSON document in one place at a time: its parser has to say where. */
#ifndef TG_TESTS_UNIT_JSON_DAMAGE_H
#define TG_TESTS_UNIT_JSON_DAMAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/text.h"

/* The first message that parsing gives, or NULL when it succeeds. Free with free(). */
typedef char *complain(const char *text, size_t length);

struct damage {
    complain *complaint;
    const char *const *derived;   /* keys that the parser may ignore; NULL ends them */
    const char *const *free_form; /* keys into whose value it does not look */
    const char *const *later;     /* keys that earlier versions did not write; may be NULL */
    cJSON *root;
    size_t done;
};

static void check_complaint(complain *complaint, const cJSON *json, const char *words)
{
    char *text = tg_json_print(json);
    char *message = complaint(text, strlen(text));
    if (!message || !strstr(message, words))
        fail_msg("\"%s\" does not say \"%s\"", message ? message : "(no complaint)", words);
    free(message);
    free(text);
}

static bool is_one_of(const char *key, const char *const *keys)
{
    for (; key && *keys; keys++)
        if (strcmp(key, *keys) == 0)
            return true;
    return false;
}

/* Each key of `json` in turn is taken away, then given a type that it never has. */
static void damage_each(struct damage *damage, cJSON *json)
{
    for (cJSON *child = json->child; child; child = child->next) {
        if (!is_one_of(child->string, damage->free_form))
            damage_each(damage, child);
        if (!child->string || is_one_of(child->string, damage->derived))
            continue;
        char *name = child->string;
        child->string = tg_strdup("something else");
        if (!damage->later || !is_one_of(name, damage->later))
            check_complaint(damage->complaint, damage->root, name);
        free(child->string);
        child->string = name;
        int type = child->type;
        cJSON *children = child->child;
        child->type = cJSON_Raw; /* a nested array is right nowhere */
        char *value = child->valuestring;
        child->valuestring = tg_strdup("[[]]");
        child->child = NULL;
        check_complaint(damage->complaint, damage->root, name);
        free(child->valuestring);
        child->valuestring = value;
        child->type = type;
        child->child = children;
        damage->done++;
    }
}

/* Does it to all of the document `text`, and returns in how many places. */
static size_t damage_document(const char *text, struct damage damage)
{
    damage.root = cJSON_Parse(text);
    assert_non_null(damage.root);
    damage_each(&damage, damage.root);
    char *repaired = tg_json_print(damage.root);
    assert_string_equal(repaired, text);
    free(repaired);
    cJSON_Delete(damage.root);
    return damage.done;
}

static void check_truncated(const char *text, complain *complaint)
{
    size_t length = strlen(text);
    for (size_t cut = 0; cut < length - 1; cut += 97) {
        char *message = complaint(text, cut);
        assert_non_null(message);
        free(message);
    }
    char *longer = tg_format("%s{}", text);
    char *message = complaint(longer, strlen(longer));
    assert_non_null(message);
    free(message);
    free(longer);
}

struct contradiction {
    const char *path;  /* "phases.0.workers" */
    const char *value; /* JSON that takes its place */
    const char *words; /* in the complaint */
};

static void check_contradiction(const char *text, const struct contradiction *wrong,
                                complain *complaint)
{
    cJSON *json = cJSON_Parse(text);
    cJSON *item = json;
    char *path = tg_strdup(wrong->path);
    char *rest = path;
    for (char *key = strsep(&rest, "."); key; key = strsep(&rest, "."))
        item = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, (int)strtol(key, NULL, 10))
                                   : cJSON_GetObjectItemCaseSensitive(item, key);
    assert_non_null(item);
    cJSON_Delete(item->child);
    free(item->valuestring);
    item->child = NULL;
    item->valuestring = tg_strdup(wrong->value);
    item->type = cJSON_Raw;
    check_complaint(complaint, json, wrong->words);
    free(path);
    cJSON_Delete(json);
}

#endif

/* Expected values: SQLite's lexical rules (sqlite.org/lang_expr.html#varparam, lang_keywords.html,
 * lang_comment.html), applied by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/text.h"
#include "runner/scenario/sql_params.h"

/* The parameters joined by a space. */
static void assert_params(const char *sql, const char *expected)
{
    struct tg_arena arena = {0};
    struct tg_sql scanned = tg_sql_scan(&arena, sql);
    struct tg_text joined = {0};
    for (size_t i = 0; i < scanned.param_count; i++)
        tg_text_addf(&joined, "%s%s", i ? " " : "", scanned.params[i]);
    assert_string_equal(tg_text_string(&joined), expected);
    tg_text_free(&joined);
    tg_arena_free(&arena);
}

static void parameters_are_found_once_in_order(void **state)
{
    (void)state;
    assert_params("SELECT :b, @a, $c, :b", "b a c");
    assert_params("SELECT :id_2,:x9", "id_2 x9");
    assert_params("SELECT a:b", "b");
    assert_params("SELECT 1", "");
    assert_params(":a :b :c :d :e :f :g :h :i :j", "a b c d e f g h i j");
}

static void strings_names_and_comments_hide_parameters(void **state)
{
    (void)state;
    assert_params("SELECT ':a', 'it''s :b', \":c\", `:d`, [:e], :f", "f");
    assert_params("SELECT :a -- :b\n, :c", "a c");
    assert_params("SELECT /* :a\n:b */ :c /* :d", "c");
    assert_params("SELECT 5 - -:a / :b * :c", "a b c");
    assert_params("SELECT 'open :a", "");
    assert_params("SELECT '$.key', json_extract(x, \"$.a\"), $.b", "");
}

static void casts_are_no_parameters(void **state)
{
    (void)state;
    assert_params("SELECT x::text, :a::int, '1'::jsonb", "a");
    assert_params("SELECT cost$total, :a", "a");
}

static void positional_parameters_are_noticed(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    assert_true(tg_sql_scan(&arena, "SELECT ?").positional);
    assert_true(tg_sql_scan(&arena, "SELECT ?1").positional);
    assert_false(tg_sql_scan(&arena, "SELECT '?', \"?\" -- ?").positional);
    tg_arena_free(&arena);
}

static void writes_are_judged_by_the_first_keyword(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    assert_true(tg_sql_scan(&arena, "insert into t values (1)").writes);
    assert_true(tg_sql_scan(&arena, " -- x\n/* y */ UPDATE t SET a = 1").writes);
    assert_true(tg_sql_scan(&arena, "DELETE FROM t").writes);
    assert_true(tg_sql_scan(&arena, "REPLACE INTO t VALUES (1)").writes);
    assert_true(tg_sql_scan(&arena, "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a").writes);
    assert_true(tg_sql_scan(&arena, "WITH a AS (SELECT 1) REPLACE INTO t SELECT 1").writes);
    assert_false(tg_sql_scan(&arena, "WITH a AS (SELECT replace(x, 'a', 'b')) SELECT 1").writes);
    assert_false(tg_sql_scan(&arena, "WITH a AS (SELECT 'DELETE') SELECT 1").writes);
    assert_false(tg_sql_scan(&arena, "SELECT * FROM t WHERE x = 'INSERT'").writes);
    assert_false(tg_sql_scan(&arena, "SELECT updated, delete_me FROM inserts").writes);
    assert_string_equal(tg_sql_scan(&arena, "  begin immediate").keyword, "BEGIN");
    tg_arena_free(&arena);
}

static void a_second_statement_is_noticed(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    assert_true(tg_sql_scan(&arena, "SELECT 1; SELECT 2").several);
    assert_false(tg_sql_scan(&arena, "SELECT 1;").several);
    assert_false(tg_sql_scan(&arena, "SELECT 1; -- done\n ;; ").several);
    assert_false(tg_sql_scan(&arena, "SELECT ';' || 'x'").several);
    assert_string_equal(tg_sql_scan(&arena, " /* nothing */ -- here").keyword, "");
    tg_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_found_once_in_order),
        cmocka_unit_test(strings_names_and_comments_hide_parameters),
        cmocka_unit_test(casts_are_no_parameters),
        cmocka_unit_test(positional_parameters_are_noticed),
        cmocka_unit_test(writes_are_judged_by_the_first_keyword),
        cmocka_unit_test(a_second_statement_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

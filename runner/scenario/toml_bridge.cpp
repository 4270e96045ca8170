/* The only C++ of the project: hands the document that toml++ parsed over as a tree of our own. No
 * exception leaves this file. */
#define TOML_EXCEPTIONS 1
#define TOML_MAX_NESTED_VALUES 32

#include <toml++/toml.h>

#include <algorithm>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/* The headers of C know nothing of C++. */
extern "C" {
#include "runner/scenario/toml.h"
}

namespace
{

struct bridge {
    tg_arena *arena;
    const char *path;
    tg_diags *diags;
    bool failed;
};

tg_place place_of(const bridge &to, const toml::source_position &at)
{
    return {to.path, static_cast<int>(at.line), static_cast<int>(at.column)};
}

const char *copy_text(bridge &to, std::string_view text, tg_place at)
{
    if (text.find('\0') != std::string_view::npos) {
        tg_diag_error(to.diags, at, "text must not hold the character U+0000");
        to.failed = true;
    }
    return tg_arena_memdup(to.arena, text.data(), text.size());
}

tg_toml_type type_of(const toml::node &node)
{
    switch (node.type()) {
    case toml::node_type::table:
        return TG_TOML_TABLE;
    case toml::node_type::array:
        return TG_TOML_ARRAY;
    case toml::node_type::string:
        return TG_TOML_STRING;
    case toml::node_type::integer:
        return TG_TOML_INTEGER;
    case toml::node_type::floating_point:
        return TG_TOML_FLOAT;
    case toml::node_type::boolean:
        return TG_TOML_BOOLEAN;
    default:
        return TG_TOML_TIME;
    }
}

/* toml++ sorts a table by key; the file's order is what has a meaning here. */
std::vector<std::pair<const toml::key *, const toml::node *>>
in_file_order(const toml::table &table)
{
    std::vector<std::pair<const toml::key *, const toml::node *>> entries;
    for (auto &&[key, value] : table)
        entries.emplace_back(&key, &value);
    std::stable_sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) {
        return a.first->source().begin < b.first->source().begin;
    });
    return entries;
}

void convert_children(bridge &to, const toml::node &from, tg_toml_node *into);

void convert(bridge &to, const toml::node &from, tg_toml_node *parent, const char *key,
             tg_place key_place)
{
    const tg_place at = place_of(to, from.source().begin);
    tg_toml_node *node = tg_toml_append(to.arena, parent, type_of(from), key, at);
    if (key)
        node->key_place = key_place;
    if (const auto *string = from.as_string()) {
        node->string = copy_text(to, string->get(), at);
    } else if (const auto *integer = from.as_integer()) {
        node->integer = integer->get();
    } else if (const auto *real = from.as_floating_point()) {
        node->real = real->get();
    } else if (const auto *boolean = from.as_boolean()) {
        node->boolean = boolean->get();
    } else if (node->type == TG_TOML_TIME) {
        std::ostringstream text;
        from.visit([&text](const auto &value) {
            if constexpr (toml::is_chronological<decltype(value)>)
                text << value.get();
        });
        node->string = copy_text(to, text.str(), at);
    } else {
        convert_children(to, from, node);
    }
}

void convert_children(bridge &to, const toml::node &from, tg_toml_node *into)
{
    if (const auto *table = from.as_table()) {
        for (const auto &[key, value] : in_file_order(*table)) {
            const tg_place at = place_of(to, key->source().begin);
            convert(to, *value, into, copy_text(to, key->str(), at), at);
        }
    } else if (const auto *array = from.as_array()) {
        for (const auto &element : *array)
            convert(to, element, into, nullptr, {});
    }
}

const char *hint_for(std::string_view what)
{
    static const struct {
        const char *part;
        const char *hint;
    } hints[] = {
        {"cannot redefine", "a table or key can be given only once"},
        {"expected digit, saw", "a value with a unit is text and needs quotes, such as \"50ms\""},
        {"determine value type", "text needs quotes"},
        {"boolean: expected", "true and false are lower-case; text needs quotes"},
        {"unknown escape", "write a backslash as \\\\, or the text in single quotes"},
        {"64 bits", "whole numbers reach from -9223372036854775808 to 9223372036854775807"},
        {"leading zeroes", "write the number without its leading zeroes, or in quotes"},
        {"string: encountered end", "a quote is not closed"},
        {"array: encountered end", "an array's ] is missing"},
        {"inline table: encountered end", "an inline table's } is missing"},
        {"table header: encountered end", "a table header's ] is missing"},
        {"expected '='", "a key is followed by = and its value"},
        {"saw '\\n'", "an inline table { ... } has to stay on one line"},
        {"root table: expected keys",
         "a key of other characters than A-Z a-z 0-9 _ - needs quotes"},
        {"expected a comment or whitespace", "one key and value per line"},
        {"maximum nested", "nothing in a scenario is nested that deeply"},
    };
    for (const auto &entry : hints) {
        if (what.find(entry.part) != std::string_view::npos)
            return entry.hint;
    }
    return nullptr;
}

/* "Error while parsing array: encountered end-of-file" -> "the file ends in an array" */
std::string sentence_of(std::string_view what)
{
    constexpr std::string_view preamble = "Error while parsing ";
    constexpr std::string_view eof = "encountered end-of-file";
    std::string_view place;
    const size_t colon = what.find(": ");
    if (what.substr(0, preamble.size()) == preamble && colon != std::string_view::npos) {
        place = what.substr(preamble.size(), colon - preamble.size());
        what.remove_prefix(colon + 2);
    }
    std::string sentence(what == eof ? "the file ends" : what);
    if (place == "decimal integer" || place == "floating-point")
        place = "number";
    if (place.empty() || place == "root table" || place == "value" || place == "key-value pair")
        return sentence;
    const bool vowel = std::string_view("aeiou").find(place[0]) != std::string_view::npos;
    return sentence + (vowel ? " in an " : " in a ") + std::string(place);
}

void report(const bridge &to, const toml::parse_error &error)
{
    const std::string_view what = error.description();
    tg_diag *diag = tg_diag_error(to.diags, place_of(to, error.source().begin),
                                  "malformed TOML: %s", sentence_of(what).c_str());
    if (const char *hint = hint_for(what))
        tg_diag_hint(diag, "%s", hint);
}

} // namespace

tg_toml_node *tg_toml_bridge_parse(tg_arena *arena, const char *path, const char *text,
                                   size_t length, tg_diags *diags)
{
    bridge to = {arena, path, diags, false};
    try {
        const toml::table document = toml::parse(std::string_view(text, length));
        tg_toml_node *root = tg_toml_append(arena, nullptr, TG_TOML_TABLE, nullptr, {path, 1, 1});
        convert_children(to, document, root);
        return to.failed ? nullptr : root;
    } catch (const toml::parse_error &error) {
        report(to, error);
    } catch (const std::exception &error) {
        tg_diag_error(diags, {path, 0, 0}, "cannot be read as TOML: %s", error.what());
    }
    return nullptr;
}

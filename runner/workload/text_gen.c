/* Text: words of lower-case letters. */
#include <assert.h>

#include "runner/workload/gen_internal.h"

enum { CHARACTER_BITS = 5, CHARACTERS_PER_DRAW = 12, LETTERS = 26 };

/* Five bits make a character. 26 to 31 stand for a space, or for a vowel where a space may not be:
 * at either end and after another such. The rule looks at the bits only, never at the character
 * before, so nothing has to wait. */
static struct tg_value make_text(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzaeioua";
    const struct tg_gen_spec *spec = gen->spec;
    struct tg_random random;
    tg_random_at(&random, gen->key, index);
    size_t length = spec->min_length;
    if (spec->max_length > spec->min_length)
        length += tg_dist_draw(&gen->dist, &random) % gen->dist.spec.over;

    char *text = tg_arena_alloc(scratch, length + 1);
    unsigned previous = LETTERS;
    for (size_t begin = 0; begin < length; begin += CHARACTERS_PER_DRAW) {
        uint64_t bits = tg_random_u64(&random);
        const size_t left = length - begin;
        const size_t count = left < CHARACTERS_PER_DRAW ? left : CHARACTERS_PER_DRAW;
        for (size_t i = 0; i < count; i++, bits >>= CHARACTER_BITS) {
            const unsigned number = bits & ((1 << CHARACTER_BITS) - 1);
            text[begin + i] = number >= LETTERS && previous < LETTERS ? ' ' : letters[number];
            previous = number;
        }
    }
    if (length > 0 && text[length - 1] == ' ')
        text[length - 1] = letters[previous];
    return tg_value_bytes(TG_VALUE_TEXT, text, length);
}

void tg_text_compile(struct tg_gen *gen, const struct tg_gen_scope *scope)
{
    const struct tg_gen_spec *spec = gen->spec;
    assert(spec->min_length <= spec->max_length);
    tg_gen_dist(gen, scope, (uint64_t)spec->max_length - spec->min_length + 1);
    gen->make = make_text;
}

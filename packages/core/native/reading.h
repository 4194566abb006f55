/* Numbers from JSON text: those that a double arithmetic of one exact step gives exactly (Clinger, "How to read
 * floating point numbers accurately", 1990), and letters, which such text is squeezed to. Makes no Python objects.
 */

/* ---- numbers from text ------------------------------------------------------------------------------ */

static const double TENS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static inline int is_digit(char letter)
{
    return (unsigned char)(letter - '0') < 10;
}

static inline const char *past_space(const char *text)
{
    while (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r')
        text++;
    return text;
}

/* A number as it is written: digits / 10**places, or digits * 10**-places where there are fewer than none. */
struct decimal {
    uint64_t digits;
    int places;
    int negative;
};

#if HAS_BYTE_LANES
/* Return the digits in eight bytes that begin with any, moved to the end and zeros put before them; sets how many. */
static inline uint64_t digits_first(const char *text, int *count)
{
    uint64_t eight, others;

    memcpy(&eight, text, 8);
    eight ^= UINT64_C(0x3030303030303030);
    others = ((eight + UINT64_C(0x7676767676767676)) | eight) & UINT64_C(0x8080808080808080);
    *count = others ? __builtin_ctzll(others) / 8 : 8;
    return eight << (32 - 4 * *count) << (32 - 4 * *count); /* as one, none would be shifted by 64 */
}

static inline uint64_t value_of_eight(uint64_t eight)
{
    eight = (eight * 2561 >> 8) & UINT64_C(0x00FF00FF00FF00FF);
    eight = (eight * 6553601 >> 16) & UINT64_C(0x0000FFFF0000FFFF);
    return eight * UINT64_C(42949672960001) >> 32;
}

/* Read 0.123456789 or -0.123456789, as most numbers of vectors are, without branches on how long it is or which;
 * return its end, or NULL where it is another. There must be that many bytes of text. */
static inline const char *fraction_at(const char *text, struct decimal *number)
{
    static const uint32_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    uint64_t first, second;
    int few, more;

    number->negative = *text == '-';
    text += number->negative;
    if (text[0] != '0' || text[1] != '.')
        return NULL;
    first = digits_first(text + 2, &few);
    second = digits_first(text + 10, &more);
    more = few == 8 ? more : 0;
    second = few == 8 ? second : 0;
    number->digits = value_of_eight(first) * powers[more] + value_of_eight(second);
    number->places = few + more;
    text += 2 + number->places;
    return number->places && (*text == ',' || *text == ']') ? text : NULL;
}
#define MOST_FRACTION 19
#endif

/* Read a number; return its end, or NULL where it is none or has more digits than fit.
 * The text ends with a zero byte, at which every loop stops. */
static inline const char *decimal_at(const char *text, const char *end, struct decimal *number)
{
    const char *start;
    uint64_t digits = 0;
    Py_ssize_t room = 19; /* digits that 64 bits hold */
    int places = 0;

#if HAS_BYTE_LANES
    if (end - text >= MOST_FRACTION && (start = fraction_at(text, number)) != NULL)
        return start;
#endif
    number->negative = *text == '-';
    text += number->negative;
    if (*text == '0') {
        text++;
    }
    else {
        for (start = text; is_digit(*text); text++)
            digits = digits * 10 + (uint64_t)(*text - '0');
        room -= text - start;
        if (text == start)
            return NULL;
    }
    if (*text == '.') {
        start = ++text;
        for (; is_digit(*text); text++)
            digits = digits * 10 + (uint64_t)(*text - '0');
        room -= text - start;
        if (text == start || room < 0)
            return NULL;
        places = (int)(text - start);
    }
    if (*text == 'e' || *text == 'E') {
        int minus = *++text == '-', written = 0;

        text += minus || *text == '+';
        for (start = text; is_digit(*text) && written < 100; text++)
            written = written * 10 + (*text - '0');
        if (text == start)
            return NULL;
        places += minus ? written : -written;
    }
    if (room < 0)
        return NULL;
    number->digits = digits;
    number->places = places;
    return text;
}

/* Return the double, if one step of arithmetic gives it exactly. */
static inline double double_of(uint64_t digits, int places, int negative)
{
    double number = (double)(int64_t)digits;
    uint64_t bits;

    number = places < 0 ? number * TENS[-places] : number / TENS[places];
    memcpy(&bits, &number, 8);
    bits |= (uint64_t)negative << 63; /* no branch, for the sign is a toss of a coin */
    memcpy(&number, &bits, 8);
    return number;
}

/* Read a JSON array into as many doubles or floats as it has commas and one; return how many there are, -1 for
 * what is left to Python. */
static Py_ssize_t numbers_of_array(const char *text, const char *end, double *wide, float *narrow)
{
    Py_ssize_t count = 0;
    struct decimal found;
    double number;

    text = past_space(text);
    if (*text++ != '[')
        return -1;
    text = past_space(text);
    while (*text != ']') {
        if (count && *text++ != ',')
            return -1;
        text = decimal_at(past_space(text), end, &found);
        if (text == NULL || found.digits > UINT64_C(1) << 53 || found.places < -22 || found.places > 22)
            return -1;
        number = double_of(found.digits, found.places, found.negative);
        if (wide != NULL)
            wide[count++] = number;
        else
            narrow[count++] = (float)number;
        text = past_space(text);
    }
    return past_space(text + 1) == end ? count : -1;
}

/* ---- numbers as letters ---------------------------------------------------------------------------- */

/* What squeeze() makes of an array, in quotes: a mark and six letters a number, which take half of its text.
 * A letter is six bits, from '#' on and without the backslash, so that it means itself in JSON. */
#define MARK '~'
#define LETTERS 6
#define DIGIT_BITS 30 /* nine digits, which every float32 has enough of */
#define MOST_PLACES 22 /* and above it, those before the point: 23 is a zero more, 31 nine */

#define AHEAD 16 /* bytes that letters may be ahead of their array for a while, as short numbers may come first */

#define IN_EACH(byte) (UINT64_C(0x010101010101) * (byte))

/* Put the first byte lowest. */
static inline uint64_t lowest_first(uint64_t bits)
{
#if PY_BIG_ENDIAN
    bits = __builtin_bswap64(bits);
#endif
    return bits;
}

/* Write a number as letters, and two bytes beyond them. */
static inline void put_letters(char *made, uint64_t digits, int places, int negative)
{
    uint64_t bits = digits << 6 | (uint64_t)(places < 0 ? MOST_PLACES - places : places) << 1 | (uint64_t)negative;

    /* Thirty-six bits in halves, thirds of these, each in a byte. */
    bits = (bits & 0x3FFFF) | (bits >> 18) << 24;
    bits = (bits & UINT64_C(0x3F00003F)) | (bits & UINT64_C(0xFC0000FC0)) << 2 | (bits & UINT64_C(0x3F00003F000)) << 4;
    bits += IN_EACH('#');
    bits += (bits + IN_EACH(0x80 - '\\')) >> 7 & IN_EACH(1);
    bits = lowest_first(bits);
    memcpy(made, &bits, 8);
}

/* Read a number of which eight bytes are there; return bits that are 0 if these are letters. */
static inline uint64_t letters_at(const char *text, double *number)
{
    uint64_t bits, wrong;
    int places;

    memcpy(&bits, text, 8);
    bits = lowest_first(bits) & IN_EACH(0xFF);
    bits -= (bits + IN_EACH(0x80 - '\\' - 1)) >> 7 & IN_EACH(1);
    bits -= IN_EACH('#');
    wrong = bits & IN_EACH(0xC0);
    bits = (bits & UINT64_C(0x3F00003F)) | (bits >> 2 & UINT64_C(0xFC0000FC0)) | (bits >> 4 & UINT64_C(0x3F00003F000));
    bits = (bits & 0x3FFFF) | (bits >> 24 & 0x3FFFF) << 18;
    places = (int)(bits >> 1 & 31);
    *number = double_of(bits >> 6, places > MOST_PLACES ? MOST_PLACES - places : places, (int)(bits & 1));
    return wrong;
}

/* Write the JSON array up to end as letters in quotes; return their end, or NULL where they would be longer or a
 * number does not fit. */
static char *letters_of_array(char *made, const char *text, const char *end)
{
    const char *start = text;
    char *first = made;
    struct decimal number;

    *made++ = '"';
    *made++ = MARK;
    text++;
    do {
        text = decimal_at(past_space(text), end, &number);
        if (text == NULL || number.digits >> DIGIT_BITS != 0 || number.places > MOST_PLACES ||
            number.places < MOST_PLACES - 31 || made - first > text - start + AHEAD)
            return NULL;
        put_letters(made, number.digits, number.places, number.negative);
        made += LETTERS;
        text = past_space(text);
    } while (*text++ == ',');
    if (text != end || text[-1] != ']' || made - first >= end - start)
        return NULL;
    *made++ = '"';
    return made;
}

/* Return how many numbers there are as letters in quotes, -1 for other text. */
static inline Py_ssize_t count_of_letters(const char *text, const char *end)
{
    Py_ssize_t letters = end - text - 3;

    if (letters < 0 || *text != '"' || text[1] != MARK || end[-1] != '"' || letters % LETTERS != 0 || !EXACT_STEPS)
        return -1;
    return letters / LETTERS;
}

/* Read numbers that are letters in quotes; return how many, -1 for other text. */
static Py_ssize_t floats_of_letters(const char *text, const char *end, float *narrow)
{
    Py_ssize_t count = count_of_letters(text, end), place;
    uint64_t wrong = 0;
    double number;

    for (place = 0; place < count; place++) { /* the quote and the zero byte follow the last */
        wrong |= letters_at(text + 2 + place * LETTERS, &number);
        narrow[place] = (float)number;
    }
    return wrong ? -1 : count;
}

/* Return the most numbers that a text may hold, as an array or squeezed. */
static Py_ssize_t most_numbers(const char *text, const char *end)
{
    Py_ssize_t commas = 0;

    if (*text == '"')
        return (end - text) / LETTERS;
    while (text < end) {
        const char *block = end - text > 255 ? text + 255 : end;
        unsigned char few = 0; /* in one byte, so that many letters are compared at once */

        for (; text < block; text++)
            few += *text == ',';
        commas += few;
    }
    return commas + 1;
}

/* Read what is in either form; return how many there are, -1 for what is left to Python. */
static Py_ssize_t numbers_of(const char *text, const char *end, double *wide, float *narrow)
{
    if (!EXACT_STEPS)
        return -1;
    if (narrow != NULL && *text == '"')
        return floats_of_letters(text, end, narrow);
    return numbers_of_array(text, end, wide, narrow);
}

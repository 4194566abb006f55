/* Vectors as JSON text and back, quicker than a general JSON library can.
 *
 * The service keeps float32. write() gives each number the shortest text that names its float32, by the
 * Schubfach method (Raffaello Giulietti, "The Schubfach way to render doubles", 2020) for 24 bits of
 * significand. read() takes the numbers that a double arithmetic of one exact step gives exactly (Clinger,
 * "How to read floating point numbers accurately", 1990) and leaves all others to the caller. squeeze() makes
 * six letters of each number in an answer.
 *
 * What is given a caller's values or an answer returns None for what it does not do; Python then does it, or
 * says what is wrong.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* ",-0.0000123456789" and ",-1.23456789e-38" fit. */
#define MOST_TEXT 20

/* Whether eight letters can be handled as the bytes of a number, the first one lowest, and counted there. */
#if PY_LITTLE_ENDIAN && defined(__GNUC__)
#define HAS_BYTE_LANES 1
#endif

/* ---- one number as text ---------------------------------------------------------------------------- */

#define LOWEST_POWER (-31)

/* Whether each step of arithmetic is rounded to a double, and not computed in more bits. */
#define EXACT_STEPS (FLT_EVAL_METHOD == 0)

/* 10**k, k from -31 to 45, in 64 significant bits, the next number above. */
static const uint64_t POWERS[] = {
    0x81CEB32C4B43FCF5, 0xA2425FF75E14FC32, 0xCAD2F7F5359A3B3F, 0xFD87B5F28300CA0E,
    0x9E74D1B791E07E49, 0xC612062576589DDB, 0xF79687AED3EEC552, 0x9ABE14CD44753B53,
    0xC16D9A0095928A28, 0xF1C90080BAF72CB2, 0x971DA05074DA7BEF, 0xBCE5086492111AEB,
    0xEC1E4A7DB69561A6, 0x9392EE8E921D5D08, 0xB877AA3236A4B44A, 0xE69594BEC44DE15C,
    0x901D7CF73AB0ACDA, 0xB424DC35095CD810, 0xE12E13424BB40E14, 0x8CBCCC096F5088CC,
    0xAFEBFF0BCB24AAFF, 0xDBE6FECEBDEDD5BF, 0x89705F4136B4A598, 0xABCC77118461CEFD,
    0xD6BF94D5E57A42BD, 0x8637BD05AF6C69B6, 0xA7C5AC471B478424, 0xD1B71758E219652C,
    0x83126E978D4FDF3C, 0xA3D70A3D70A3D70B, 0xCCCCCCCCCCCCCCCD, 0x8000000000000001,
    0xA000000000000001, 0xC800000000000001, 0xFA00000000000001, 0x9C40000000000001,
    0xC350000000000001, 0xF424000000000001, 0x9896800000000001, 0xBEBC200000000001,
    0xEE6B280000000001, 0x9502F90000000001, 0xBA43B74000000001, 0xE8D4A51000000001,
    0x9184E72A00000001, 0xB5E620F480000001, 0xE35FA931A0000001, 0x8E1BC9BF04000001,
    0xB1A2BC2EC5000001, 0xDE0B6B3A76400001, 0x8AC7230489E80001, 0xAD78EBC5AC620001,
    0xD8D726B7177A8001, 0x878678326EAC9001, 0xA968163F0A57B401, 0xD3C21BCECCEDA101,
    0x84595161401484A1, 0xA56FA5B99019A5C9, 0xCECB8F27F4200F3B, 0x813F3978F8940985,
    0xA18F07D736B90BE6, 0xC9F2C9CD04674EDF, 0xFC6F7C4045812297, 0x9DC5ADA82B70B59E,
    0xC5371912364CE306, 0xF684DF56C3E01BC7, 0x9A130B963A6C115D, 0xC097CE7BC90715B4,
    0xF0BDC21ABB48DB21, 0x96769950B50D88F5, 0xBC143FA4E250EB32, 0xEB194F8E1AE525FE,
    0x92EFD1B8D0CF37BF, 0xB7ABC627050305AE, 0xE596B7B0C643C71A, 0x8F7E32CE7BEA5C70,
    0xB35DBF821AE4F38C,
};

/* Return the upper half of a product of 64 and 32 bits over 2**32; the last bit says that something was cut. */
static inline uint32_t product(uint64_t power, uint32_t factor)
{
    uint64_t low = (power & 0xFFFFFFFFu) * factor;
    uint64_t high = (power >> 32) * factor + (low >> 32);

    return (uint32_t)(high >> 32) | ((uint32_t)high > 1);
}

/* Find the shortest decimal, digits * 10**exponent, in the interval that rounds to a positive float32. */
static inline void shortest(uint32_t bits, uint32_t *digits, int *exponent)
{
    uint32_t fraction = bits & 0x7FFFFFu;
    int biased = (int)(bits >> 23);
    uint32_t c = biased ? fraction | 0x800000u : fraction;
    int q = (biased ? biased : 1) - 150;
    int closer = fraction == 0 && biased > 1; /* the number below stands half as far away */
    int odd = (int)(c & 1);
    int k = (q * 1262611 - (closer ? 524031 : 0)) >> 22; /* floor(log10(2**q)), or of 3/4 of it */
    int h = q + ((-k * 1741647) >> 19) + 1;              /* floor(log2(10**-k)) */
    uint64_t power = POWERS[-k - LOWEST_POWER];
    uint32_t lower = product(power, (4 * c - 2 + (uint32_t)closer) << h) + (uint32_t)odd;
    uint32_t value = product(power, (4 * c) << h);
    uint32_t upper = product(power, (4 * c + 2) << h) - (uint32_t)odd;
    uint32_t s = value / 4, tens = s / 10;
    int below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;

    if (s >= 10 && below != above) { /* a digit less is enough */
        *digits = tens + (uint32_t)above;
        *exponent = k + 1;
        return;
    }
    below = lower <= 4 * s;
    above = 4 * s + 4 <= upper;
    if (below == above) {
        uint32_t middle = 4 * s + 2;

        above = value > middle || (value == middle && (s & 1));
    }
    *digits = s + (uint32_t)above;
    *exponent = k;
}

/* 10**-k and half the distance to the next float32 over 10**k, by exponent; 0 where doubles do not do. */
static double scales[256], halves[256];

static void fill_tables(void)
{
    int biased;

    for (biased = 1; biased < 255; biased++) {
        int q = biased - 150, k = (q * 1262611) >> 22, place;
        double scale = 1, half;

        if (k > 0 || k < -22)
            continue;
        for (place = 0; place > k; place--)
            scale *= 10; /* exact up to 10**22 */
        for (half = scale / 2, place = q; place < 0; place++)
            half /= 2;
        for (; place > 0; place--)
            half *= 2;
        scales[biased] = scale;
        halves[biased] = half;
    }
}

/* Find the same as shortest() in doubles, which is quicker, or return 0 where it is a matter of their rounding.
 * There are no branches: which way it goes is a toss of a coin, and processors guess it wrong. */
static inline int shortest_of_most(uint32_t bits, float number, uint32_t *digits, int *exponent)
{
    const double whole = 4503599627370496.0; /* adding 2**52 rounds to a whole number */
    uint32_t biased = bits >> 23;
    double scaled = (double)number * scales[biased], half = halves[biased];
    double tens = (scaled * 0.1 + whole) - whole, units = (scaled + whole) - whole;
    double away = fabs(tens * 10 - scaled), off = fabs(units - scaled);
    uint32_t fewer = away < half, few = (uint32_t)(int64_t)tens, many = (uint32_t)(int64_t)units;

    *digits = many ^ ((many ^ few) & (0 - fewer));
    *exponent = (((int)biased - 150) * 1262611 >> 22) + (int)fewer;
    return EXACT_STEPS & (fabs(away - half) > 1e-5) & (off < 0.49999) & ((bits & 0x7FFFFFu) != 0);
}

/* Write a number that is digits * 10**exponent, however large; return the end of its text. */
static char *any_text(char *text, uint32_t digits, int exponent)
{
    char buffer[10], *start = buffer + 10;
    int length, point;

    while (digits % 10 == 0) {
        digits /= 10;
        exponent++;
    }
    for (; digits != 0; digits /= 10)
        *--start = (char)('0' + digits % 10);
    length = (int)(buffer + 10 - start);
    point = length + exponent;
    if (point > 15 || point <= -5) { /* 1.2e-07 */
        *text++ = *start++;
        if (length > 1) {
            *text++ = '.';
            memcpy(text, start, (size_t)(length - 1));
            text += length - 1;
        }
        point--;
        *text++ = 'e';
        *text++ = point < 0 ? '-' : '+';
        point = point < 0 ? -point : point;
        *text++ = (char)('0' + point / 10);
        *text++ = (char)('0' + point % 10);
        return text;
    }
    if (point <= 0) { /* 0.0012 */
        memcpy(text, "0.0000", 6);
        memcpy(text + 2 - point, start, (size_t)length);
        return text + 2 - point + length;
    }
    if (exponent >= 0) { /* 1200.0 */
        memset(text, '0', (size_t)point);
        memcpy(text, start, (size_t)length);
        memcpy(text + point, ".0", 2);
        return text + point + 2;
    }
    memcpy(text, start, (size_t)point); /* 1.2 */
    text[point] = '.';
    memcpy(text + point + 1, start + point, (size_t)(length - point));
    return text + length + 1;
}

static inline int is_finite(float number)
{
    return number - number == 0;
}

/* ---- many numbers as text -------------------------------------------------------------------------- */

/* How many numbers are taken together, one step for all of them after the other: a processor overlaps the steps
 * of one number with those of the next where these are few, and does some of them for eight numbers at once. */
#define BLOCK 64

struct block {
    uint32_t bits[BLOCK];   /* of each float32 */
    uint32_t digits[BLOCK]; /* its shortest decimal is digits * 10**exponent */
    int8_t exponents[BLOCK];
    uint8_t first[BLOCK];      /* of nine digits */
    uint8_t others[BLOCK * 8]; /* and the other eight */
};

static inline void find_decimals(struct block *block, const char *numbers, int count)
{
    int place, exponent;

    for (place = 0; place < count; place++) {
        float number;
        uint32_t bits;

        memcpy(&number, numbers + place * (int)sizeof number, sizeof number); /* aligned or not */
        memcpy(&bits, &number, 4);
        block->bits[place] = bits;
        bits &= 0x7FFFFFFFu;
        if (!shortest_of_most(bits, fabsf(number), &block->digits[place], &exponent) && bits != 0)
            shortest(bits, &block->digits[place], &exponent);
        block->exponents[place] = (int8_t)exponent;
    }
}

#if HAS_BYTE_LANES
/* Cut digits into one and two fours, these into pairs, and these into single ones. Compilers do each loop for
 * many numbers at once. */
static inline void cut_digits(struct block *block, int count)
{
    uint16_t fours[BLOCK * 2], pairs[BLOCK * 4];
    int place;

    for (place = 0; place < count; place++) {
        uint32_t first = block->digits[place] / 100000000, eight = block->digits[place] - first * 100000000;
        uint32_t high = eight / 10000;

        block->first[place] = (uint8_t)first;
        fours[place * 2] = (uint16_t)high;
        fours[place * 2 + 1] = (uint16_t)(eight - high * 10000);
    }
    for (place = 0; place < count * 2; place++) {
        uint16_t high = fours[place] / 100;

        pairs[place * 2] = high;
        pairs[place * 2 + 1] = (uint16_t)(fours[place] - high * 100);
    }
    for (place = 0; place < count * 4; place++) {
        uint16_t high = (uint16_t)(pairs[place] * 103) >> 10;
        uint16_t both = (uint16_t)(high | (pairs[place] - high * 10) << 8);

        memcpy(block->others + place * 2, &both, 2);
    }
}

/* Write a number below 1 and not much smaller, as most numbers of vectors are, without branches; return the end
 * of its text, or NULL where it is none. */
static inline char *fraction_text(char *text, const struct block *block, int place)
{
    uint32_t first = block->first[place];
    uint64_t letters;
    int point, skipped, zeros;

    memcpy(&letters, block->others + place * 8, 8); /* the first digit lowest */
    if (letters == 0)
        return NULL;
    zeros = __builtin_clzll(letters) / 8;
    skipped = first ? 0 : __builtin_ctzll(letters) / 8;
    point = 8 - skipped + (first != 0) + block->exponents[place];
    if (point > 0 || point < -4)
        return NULL;
    memcpy(text, "0.0000", 6);
    text += 2 - point;
    *text = (char)('0' + first);
    text += first != 0;
    letters = (letters | UINT64_C(0x3030303030303030)) >> 8 * skipped;
    memcpy(text, &letters, 8);
    return text + 8 - skipped - zeros;
}
#endif

static inline char *number_text(char *text, const struct block *block, int place)
{
    *text = '-';
    text += block->bits[place] >> 31;
    if (block->digits[place] == 0) {
        memcpy(text, "0.0", 3);
        return text + 3;
    }
#if HAS_BYTE_LANES
    {
        char *end = fraction_text(text, block, place);

        if (end != NULL)
            return end;
    }
#endif
    return any_text(text, block->digits[place], block->exponents[place]);
}

/* Write float32 numbers as a JSON array; return the end of its text. */
static char *array_text(char *text, const char *numbers, Py_ssize_t count)
{
    struct block block;

    *text++ = '[';
    while (count > 0) {
        int most = count < BLOCK ? (int)count : BLOCK, place;

        find_decimals(&block, numbers, most);
#if HAS_BYTE_LANES
        cut_digits(&block, most);
#endif
        for (place = 0; place < most; place++) {
            text = number_text(text, &block, place);
            *text++ = ',';
        }
        numbers += most * (int)sizeof(float);
        count -= most;
    }
    text -= text[-1] == ',';
    *text++ = ']';
    return text;
}

/* ---- vectors as text ------------------------------------------------------------------------------- */

/* Take a float or an int, and no bool; say whether it was one that a float32 can hold. */
static inline int number_of(PyObject *item, float *number)
{
    double wide;

    if (PyFloat_Check(item)) {
        wide = PyFloat_AsDouble(item);
    }
    else if (Py_TYPE(item) == &PyLong_Type) {
        wide = PyLong_AsDouble(item);
        if (wide == -1 && PyErr_Occurred()) {
            PyErr_Clear(); /* too large for a double */
            return 0;
        }
    }
    else {
        return 0;
    }
    *number = (float)wide;
    return is_finite(*number);
}

/* Return the numbers of a list as the bytes of float32, or None where one is none that a float32 can hold. */
static PyObject *narrow_list(PyObject *list)
{
    Py_ssize_t count = PyList_Size(list), place;
    PyObject *narrow = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(float));
    float *numbers;

    if (narrow == NULL)
        return NULL;
    numbers = (float *)PyBytes_AsString(narrow);
    for (place = 0; place < count; place++) {
        /* This runs no Python code that could change the list. */
        if (!number_of(PyList_GetItem(list, place), numbers + place)) {
            Py_DECREF(narrow);
            Py_RETURN_NONE;
        }
    }
    return narrow;
}

/* Return the numbers of a view, of kind f or d, likewise. */
static PyObject *narrow_view(const Py_buffer *view, char kind)
{
    Py_ssize_t count = view->len / view->itemsize, place;
    PyObject *narrow = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(float));
    float *numbers;
    int finite = 1;

    if (narrow == NULL)
        return NULL;
    numbers = (float *)PyBytes_AsString(narrow);
    for (place = 0; place < count; place++) {
        const char *at = (const char *)view->buf + place * view->itemsize; /* aligned or not */

        if (kind == 'f') {
            memcpy(numbers + place, at, sizeof *numbers);
        }
        else {
            double wide;

            memcpy(&wide, at, sizeof wide);
            numbers[place] = (float)wide;
        }
        finite &= is_finite(numbers[place]);
    }
    if (finite)
        return narrow;
    Py_DECREF(narrow);
    Py_RETURN_NONE;
}

static PyObject *narrow_buffer(PyObject *values)
{
    Py_buffer view;
    const char *format;
    char kind;
    PyObject *narrow;

    if (PyObject_GetBuffer(values, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)) {
        PyErr_Clear(); /* not a buffer, or one with gaps */
        Py_RETURN_NONE;
    }
    format = view.format != NULL ? view.format : "";
    format += *format == '@' || *format == '='; /* numpy says so where they are not aligned */
    kind = *format != 0 && format[1] == 0 ? *format : 0;
    narrow = view.ndim == 1 && (kind == 'f' || kind == 'd') ? narrow_view(&view, kind) : Py_NewRef(Py_None);
    PyBuffer_Release(&view);
    return narrow;
}

PyDoc_STRVAR(narrow_doc,
    "narrow(values, /)\n--\n\n"
    "Copy a list of floats and ints, or a buffer of native floats or doubles, as the bytes of native float32.\n\n"
    "Returns None where it is neither or a number is not a finite float32.");

static PyObject *floats_narrow(PyObject *module, PyObject *values)
{
    (void)module;
    return PyList_Check(values) ? narrow_list(values) : narrow_buffer(values);
}

/* A text, or numbers to be written. */
typedef struct {
    const char *start;
    Py_ssize_t size;
} Part;

/* Write what there is at odd places as numbers, all else as it is; return the end of the text. */
static char *parts_text(char *text, const Part *parts, Py_ssize_t count)
{
    Py_ssize_t place;

    for (place = 0; place < count; place++) {
        if (place % 2) {
            text = array_text(text, parts[place].start, parts[place].size / (Py_ssize_t)sizeof(float));
        }
        else {
            memcpy(text, parts[place].start, (size_t)parts[place].size);
            text += parts[place].size;
        }
    }
    return text;
}

/* Find where the parts of a tuple are, and return how long their text is at most, or -1 for an error. */
static Py_ssize_t find_parts(PyObject *given, Part *parts, Py_ssize_t count)
{
    Py_ssize_t place, room = 0;

    for (place = 0; place < count; place++) {
        char *start;

        if (PyBytes_AsStringAndSize(PyTuple_GetItem(given, place), &start, &parts[place].size))
            return -1;
        parts[place].start = start;
        room += place % 2 ? parts[place].size / (Py_ssize_t)sizeof(float) * MOST_TEXT + 2 : parts[place].size;
    }
    return room;
}

/* Other threads run while so much is written, but not for less: it would be long until it is our turn again. */
#define MUCH_TEXT (1 << 18)

static PyObject *join_tuple(PyObject *given)
{
    Py_ssize_t count = PyTuple_Size(given), room;
    Part *parts = PyMem_Calloc((size_t)count + 1, sizeof *parts);
    char *text = NULL, *end = NULL;
    PyObject *joined = NULL;

    if (parts == NULL)
        return PyErr_NoMemory();
    room = find_parts(given, parts, count);
    if (room >= 0) {
        text = PyMem_Malloc((size_t)room + 1);
        if (text == NULL)
            PyErr_NoMemory();
    }
    if (text != NULL) {
        if (room < MUCH_TEXT) {
            end = parts_text(text, parts, count);
        }
        else {
            Py_BEGIN_ALLOW_THREADS
            end = parts_text(text, parts, count);
            Py_END_ALLOW_THREADS
        }
        joined = PyBytes_FromStringAndSize(text, end - text);
    }
    PyMem_Free(text);
    PyMem_Free(parts);
    return joined;
}

PyDoc_STRVAR(join_doc,
    "join(parts, /)\n--\n\n"
    "Join texts and numbers, which take turns: at odd places stand the bytes of native float32 numbers, as\n"
    "narrow() gives them, that are written as a JSON array.");

static PyObject *floats_join(PyObject *module, PyObject *parts)
{
    PyObject *kept = PySequence_Tuple(parts); /* which nobody changes meanwhile */
    PyObject *joined = kept == NULL ? NULL : join_tuple(kept);

    (void)module;
    Py_XDECREF(kept);
    return joined;
}

PyDoc_STRVAR(write_doc,
    "write(values, /)\n--\n\n"
    "Write what narrow() takes as a JSON array of float32; returns None where it does.");

static PyObject *floats_write(PyObject *module, PyObject *values)
{
    PyObject *narrow = floats_narrow(module, values), *written = NULL;
    char *numbers, *text;
    Py_ssize_t size;

    if (narrow == NULL || narrow == Py_None)
        return narrow;
    if (PyBytes_AsStringAndSize(narrow, &numbers, &size) == 0) {
        size /= (Py_ssize_t)sizeof(float);
        text = PyMem_Malloc((size_t)size * MOST_TEXT + 2);
        if (text == NULL)
            PyErr_NoMemory();
        else
            written = PyBytes_FromStringAndSize(text, array_text(text, numbers, size) - text);
        PyMem_Free(text);
    }
    Py_DECREF(narrow);
    return written;
}

/* ---- vectors from text ----------------------------------------------------------------------------- */

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

/* Read letters in quotes as so many doubles or floats; return how many, -1 for what is none. */
static Py_ssize_t numbers_of_letters(const char *text, const char *end, double *wide, float *narrow)
{
    uint64_t wrong = 0;
    Py_ssize_t count = 0;
    double number;

    if (end - text < 3 || text[1] != MARK || end[-1] != '"' || (end - text - 3) % LETTERS != 0)
        return -1;
    for (text += 2; end - text > LETTERS; text += LETTERS) { /* the quote and the zero byte follow the last */
        wrong |= letters_at(text, &number);
        if (wide != NULL)
            wide[count++] = number;
        else
            narrow[count++] = (float)number;
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
    return *text == '"' ? numbers_of_letters(text, end, wide, narrow) : numbers_of_array(text, end, wide, narrow);
}

PyDoc_STRVAR(read_doc,
    "read(text, /)\n--\n\n"
    "Read a JSON array of numbers, or what squeeze() made of one, in bytes, as a list of floats.\n\n"
    "Returns None where it is neither or holds a number that takes more care.");

static PyObject *floats_read(PyObject *module, PyObject *given)
{
    char *text;
    Py_ssize_t length, count, place;
    double *numbers;
    PyObject *list;

    (void)module;
    if (PyBytes_AsStringAndSize(given, &text, &length))
        return NULL;
    numbers = PyMem_Malloc((size_t)most_numbers(text, text + length) * sizeof *numbers);
    if (numbers == NULL)
        return PyErr_NoMemory();
    count = numbers_of(text, text + length, numbers, NULL);
    list = count < 0 ? Py_NewRef(Py_None) : PyList_New(count);
    for (place = 0; list != NULL && place < count; place++) {
        PyObject *number = PyFloat_FromDouble(numbers[place]);

        if (number == NULL || PyList_SetItem(list, place, number))
            Py_CLEAR(list);
    }
    PyMem_Free(numbers);
    return list;
}

PyDoc_STRVAR(pack_doc,
    "pack(text, /)\n--\n\n"
    "Read the same as the bytes of native float32 numbers.\n\n"
    "Returns None where read() does.");

static PyObject *floats_pack(PyObject *module, PyObject *given)
{
    char *text;
    Py_ssize_t length, count, most;
    PyObject *packed;

    (void)module;
    if (PyBytes_AsStringAndSize(given, &text, &length))
        return NULL;
    most = most_numbers(text, text + length);
    packed = PyBytes_FromStringAndSize(NULL, most * (Py_ssize_t)sizeof(float));
    if (packed == NULL)
        return NULL;
    count = numbers_of(text, text + length, NULL, (float *)PyBytes_AsString(packed));
    if (count == most)
        return packed;
    Py_DECREF(packed);
    return count == 0 ? PyBytes_FromStringAndSize(NULL, 0) : Py_NewRef(Py_None);
}

/* ---- answers --------------------------------------------------------------------------------------- */

/* Return the quote that ends a string, given what follows its first one, or NULL. */
static inline const char *end_of_string(const char *text, const char *end)
{
    for (; text < end; text++) {
        if (*text == '"')
            return text;
        if (*text == '\\')
            text++;
    }
    return NULL;
}

/* Return the next array called values in an object so deep in a JSON text, or NULL; keeps the depth. */
static const char *next_values(const char *place, const char *end, int wanted, int *depth)
{
    for (; place < end; place++) {
        const char *start;

        if (*place == '{' || *place == '[')
            ++*depth;
        if (*place == '}' || *place == ']')
            --*depth;
        if (*place != '"')
            continue;
        start = place + 1;
        place = end_of_string(start, end);
        if (place == NULL)
            return NULL;
        if (*depth != wanted || place - start != 6 || memcmp(start, "values", 6) != 0)
            continue;
        start = past_space(place + 1);
        if (*start != ':')
            continue; /* it was no name */
        start = past_space(start + 1);
        if (*start == '[')
            return start;
    }
    return NULL;
}

/* Return where the next bytes go, of which there will be more than needed now and most in all; NULL without memory. */
static char *room_for(PyObject *bytes, Py_ssize_t used, Py_ssize_t needed, Py_ssize_t most)
{
    if (PyByteArray_Size(bytes) - used < needed + 2 * AHEAD && PyByteArray_Resize(bytes, used + most + 2 * AHEAD))
        return NULL;
    return PyByteArray_AsString(bytes) + used;
}

PyDoc_STRVAR(squeeze_doc,
    "squeeze(text, depth, /)\n--\n\n"
    "Return a JSON text in which the arrays of numbers called values, in objects so deep, are short strings.\n\n"
    "read() and pack() read these. Returns None where there are no such arrays.");

static PyObject *floats_squeeze(PyObject *module, PyObject *args)
{
    PyObject *given, *squeezed;
    const char *end, *copied, *place, *close;
    char *text, *made, *letters;
    Py_ssize_t length, used = 0;
    int wanted, depth = 0;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!i:squeeze", &PyBytes_Type, &given, &wanted) ||
        PyBytes_AsStringAndSize(given, &text, &length))
        return NULL;
    end = text + length;
    place = next_values(text, end, wanted, &depth);
    if (place == NULL || !EXACT_STEPS)
        Py_RETURN_NONE;
    squeezed = PyByteArray_FromStringAndSize(NULL, length / 8 * 5); /* enough for most, and what is kept */
    if (squeezed == NULL)
        return NULL;
    for (copied = text; place != NULL; place = next_values(place, end, wanted, &depth)) {
        close = memchr(place, ']', (size_t)(end - place));
        if (close++ == NULL)
            break;
        made = room_for(squeezed, used, close - copied, end - copied);
        if (made == NULL)
            goto failed;
        memcpy(made, copied, (size_t)(place - copied));
        made += place - copied;
        used += place - copied;
        copied = place;
        letters = letters_of_array(made, place, close);
        if (letters != NULL) {
            used += letters - made;
            copied = place = close;
        }
    }
    made = room_for(squeezed, used, end - copied, end - copied);
    if (made == NULL)
        goto failed;
    memcpy(made, copied, (size_t)(end - copied));
    if (PyByteArray_Resize(squeezed, used + (end - copied)))
        goto failed;
    return squeezed;
failed:
    Py_DECREF(squeezed);
    return NULL;
}

/* ---- the module ------------------------------------------------------------------------------------ */

static PyMethodDef methods[] = {
    {"narrow", floats_narrow, METH_O, narrow_doc},
    {"write", floats_write, METH_O, write_doc},
    {"join", floats_join, METH_O, join_doc},
    {"read", floats_read, METH_O, read_doc},
    {"pack", floats_pack, METH_O, pack_doc},
    {"squeeze", floats_squeeze, METH_VARARGS, squeeze_doc},
    {NULL, NULL, 0, NULL},
};

static int prepare(PyObject *module)
{
    (void)module;
    fill_tables();
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)prepare},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "pinecone_core._floats",
    "Vectors as JSON text and back.",
    0,
    methods,
    slots,
    NULL,
    NULL,
    NULL,
};

PyMODINIT_FUNC PyInit__floats(void)
{
    return PyModuleDef_Init(&definition);
}

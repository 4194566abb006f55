/* Vectors as JSON text and back, quicker than a general JSON library can.
 *
 * The service keeps float32: write() and join() give each number the shortest text that names its float32.
 * read() and pack() take the numbers that are quickly read exactly, and leave all others to the caller.
 * squeeze() makes six letters of each number in an answer.
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

/* Whether eight letters can be handled as the bytes of a number, the first one lowest, and counted there. */
#if PY_LITTLE_ENDIAN && defined(__GNUC__)
#define HAS_BYTE_LANES 1
#endif

/* Whether each step of arithmetic is rounded to a double, and not computed in more bits. */
#define EXACT_STEPS (FLT_EVAL_METHOD == 0)

#include "reading.h"
#include "writing.h"

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

PyDoc_STRVAR(read_doc,
    "read(text, /)\n--\n\n"
    "Read a JSON array of numbers, or what squeeze() made of one, in bytes, as a list of floats.\n\n"
    "Returns None where it is neither or holds a number that takes more care.");

/* Make a list of numbers, which are read as the list is made where they are letters. */
static PyObject *list_of(const double *numbers, const char *letters, Py_ssize_t count)
{
    PyObject *list = PyList_New(count);
    Py_ssize_t place;
    uint64_t wrong = 0;

    for (place = 0; list != NULL && place < count; place++) {
        PyObject *item;
        double number;

        if (numbers != NULL)
            number = numbers[place];
        else
            wrong |= letters_at(letters + place * LETTERS, &number);
        item = PyFloat_FromDouble(number);
        if (item == NULL || PyList_SetItem(list, place, item))
            Py_CLEAR(list);
    }
    if (list != NULL && wrong) {
        Py_DECREF(list);
        Py_RETURN_NONE;
    }
    return list;
}

static PyObject *floats_read(PyObject *module, PyObject *given)
{
    char *text;
    Py_ssize_t length, count;
    double *numbers;
    PyObject *list;

    (void)module;
    if (PyBytes_AsStringAndSize(given, &text, &length))
        return NULL;
    count = count_of_letters(text, text + length);
    if (count >= 0)
        return list_of(NULL, text + 2, count);
    numbers = PyMem_Malloc((size_t)most_numbers(text, text + length) * sizeof *numbers);
    if (numbers == NULL)
        return PyErr_NoMemory();
    count = numbers_of(text, text + length, numbers, NULL);
    list = count < 0 ? Py_NewRef(Py_None) : list_of(numbers, NULL, count);
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

/* Return the next array called values, with something in it, in an object so deep in a JSON text, or NULL; keeps the
 * depth. */
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
        if (*start == '[' && *past_space(start + 1) != ']')
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

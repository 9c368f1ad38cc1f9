/* xlsx_styles: which cell styles of a workbook show a number as a date (ECMA-376 part 1, §18.8). */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* From the bytes of styles.xml: element i is whether style i is a date. NULL with *complaint set (xml.h). */
GArray *xlsx_styles_dates(const char *xml, size_t len, const char **complaint);

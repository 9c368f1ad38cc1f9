/* form_choice: what a cell of boxes says: "☒ İlk başvuru ☐ Yenileme", "[ ] Mini [x] Masaüstü", "Evet ☑  Hayır ☐", "☒". */
#pragma once

/* The words at the only box that is ticked, "X" when it has none, "" when no box is; g_free. NULL: there is no box in the
 * cell, or several are ticked. */
char *form_choice_read(const char *cell);

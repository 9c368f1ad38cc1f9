/* container_tnef: the attachments inside of a winmail.dat, into which Outlook packs them for readers of Outlook
 * (MS-OXTNEF; MS-OXCMSG for the properties). Mails attached to the mail are gone into, two levels deep.
 *
 * Complaint codes beside those of container.h: tnef_damaged (cut, or a wrong checksum: what stands before is read),
 * nested_too_deep, too_many_files. Nothing in it that may be a form is no complaint: many mails carry one that says nothing.
 */
#pragma once
#include "parsers/document.h"

bool container_tnef_is(const char *bytes, size_t len);
void container_tnef_read(struct document *d, const char *bytes, size_t len);

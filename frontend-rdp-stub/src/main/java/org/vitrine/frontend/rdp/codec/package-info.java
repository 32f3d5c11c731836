/**
 * The connection initiation of RDP, as pure functions over bytes: MS-RDPBCGR 2.2.1.1 and 2.2.1.2,
 * in ITU-T X.224 TPDUs, in the packets of RFC 1006. Nothing here does input or output.
 */
package org.vitrine.frontend.rdp.codec;

/**
 * An RDP server that speaks the first two messages of the protocol, and says so to whoever
 * connects.
 */
package org.vitrine.frontend.rdp;

/**
 * The web frontend: the guest's screen as motion JPEG over HTTP, and a page that shows it and types
 * into it.
 */
package org.vitrine.frontend.mjpeg;

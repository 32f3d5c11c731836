/**
 * What the web frontend speaks, as pure functions over text and bytes: nothing here does input or
 * output.
 */
package org.vitrine.frontend.mjpeg.codec;

/** The firmware's images as resources. */
package org.vitrine.firmware;

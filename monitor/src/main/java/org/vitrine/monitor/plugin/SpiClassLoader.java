package org.vitrine.monitor.plugin;

import java.net.URL;
import java.net.URLClassLoader;

/**
 * Loads one plugin. It sees the JDK, the SPI and SLF4J as the host has them, and its own JARs;
 * neither the rest of the host nor another plugin.
 */
final class SpiClassLoader extends URLClassLoader {

    private static final ClassLoader HOST = SpiClassLoader.class.getClassLoader();

    static {
        registerAsParallelCapable();
    }

    SpiClassLoader(String name, URL[] jars) {
        super(name, jars, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
        if (className.startsWith("org.vitrine.spi.") || className.startsWith("org.slf4j.")) {
            return HOST.loadClass(className);
        }
        return super.loadClass(className, resolve);
    }
}

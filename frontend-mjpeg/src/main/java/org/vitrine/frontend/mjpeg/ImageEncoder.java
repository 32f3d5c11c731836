package org.vitrine.frontend.mjpeg;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Makes JPEG and PNG files of pictures, with the JDK's own codecs. Belongs to one thread at a time.
 */
final class ImageEncoder implements AutoCloseable {

    private static final String JPEG_METADATA = "javax_imageio_jpeg_image_1.0";

    private final ImageWriter jpeg;
    private final ImageWriter png;

    ImageEncoder() {
        // ImageIO remembers the context class loader of the first thread that uses it, for as long
        // as the
        // JVM lives, and asks it for further codecs. That must not be a plugin's loader.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            jpeg = writer("jpeg");
            png = writer("png");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static ImageWriter writer(String format) {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
        if (!writers.hasNext()) {
            throw new IllegalStateException("this Java runtime has no " + format + " encoder");
        }
        return writers.next();
    }

    /**
     * A JPEG file.
     *
     * @param quality 1 to 100
     */
    byte[] jpeg(BufferedImage image, int quality) {
        ImageWriteParam param = jpeg.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(quality / 100f);
        return write(jpeg, new IIOImage(image, null, fullChroma(image, param)), param);
    }

    /**
     * Metadata that keeps the colour of every pixel. The encoder's default halves its resolution,
     * which makes coloured text on a coloured ground, as DOS programs and boot menus have it, hard
     * to read.
     */
    private IIOMetadata fullChroma(BufferedImage image, ImageWriteParam param) {
        IIOMetadata metadata =
                jpeg.getDefaultImageMetadata(
                        ImageTypeSpecifier.createFromRenderedImage(image), param);
        Node root = metadata.getAsTree(JPEG_METADATA);
        NodeList components = ((Element) root).getElementsByTagName("componentSpec");
        for (int i = 0; i < components.getLength(); i++) {
            Element component = (Element) components.item(i);
            component.setAttribute("HsamplingFactor", "1");
            component.setAttribute("VsamplingFactor", "1");
        }
        try {
            metadata.setFromTree(JPEG_METADATA, root);
        } catch (IIOInvalidTreeException e) {
            throw new IllegalStateException("the JPEG encoder refuses its own metadata", e);
        }
        return metadata;
    }

    /** A PNG file: every pixel as it is. */
    byte[] png(BufferedImage image) {
        return write(png, new IIOImage(image, null, null), null);
    }

    private static byte[] write(ImageWriter writer, IIOImage image, ImageWriteParam param) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        // Not ImageIO.createImageOutputStream, which goes through a file in the temporary
        // directory.
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, image, param);
        } catch (IOException e) {
            throw new IllegalStateException("an image could not be encoded into memory", e);
        } finally {
            writer.setOutput(null);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        jpeg.dispose();
        png.dispose();
    }
}

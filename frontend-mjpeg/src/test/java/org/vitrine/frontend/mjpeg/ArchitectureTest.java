package org.vitrine.frontend.mjpeg;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("org.vitrine.frontend.mjpeg");

    @Test
    void theCodecDoesNoInputAndOutput() {
        noClasses()
                .that()
                .resideInAPackage("..codec..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio.channels..",
                        "java.net.http..",
                        "com.sun..",
                        "org.vitrine.frontend.mjpeg")
                .check(classes);
    }
}

package org.vitrine.frontend.vnc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "org.vitrine.frontend.vnc",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule CODECS_DO_NO_IO =
            noClasses()
                    .that()
                    .resideInAnyPackage("..vnc.rfb..", "..vnc.encoding..", "..vnc.keyboard..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.io..", "java.net..", "java.nio.channels..", "java.nio.file..");

    @ArchTest
    static final ArchRule CODECS_DO_NOT_KNOW_THE_SERVER =
            noClasses()
                    .that()
                    .resideInAnyPackage("..vnc.rfb..", "..vnc.encoding..", "..vnc.keyboard..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.vitrine.frontend.vnc");

    @ArchTest
    static final ArchRule NEEDS_ONLY_THE_SPI =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "javax.crypto..",
                            "org.slf4j..",
                            "org.vitrine.spi..",
                            "org.vitrine.frontend.vnc..");
}

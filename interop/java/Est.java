// BouncyCastle's EST client: CA certificates, CSR attributes, an enrolment and a generated key.
//
//     java -cp bcpkix.jar:bcprov.jar:bcutil.jar Est.java HOST:PORT CA.pem USER PASSWORD REALM CSR.der OUT.der

import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Set;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.est.ESTService;
import org.bouncycastle.est.HttpAuth;
import org.bouncycastle.est.jcajce.JcaJceUtils;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

public class Est {
    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        X509Certificate ca;
        try (FileInputStream file = new FileInputStream(args[1])) {
            ca = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
        Set<TrustAnchor> anchors = Set.of(new TrustAnchor(ca, null));
        ESTService service = new JsseESTServiceBuilder(
            args[0], JcaJceUtils.getCertPathTrustManager(anchors, null))
            .withHostNameAuthorizer((name, context) -> true)
            .build();

        Collection<X509CertificateHolder> certificates =
            service.getCACerts().getCertificateStore().getMatches(null);
        System.out.println("cacerts: " + certificates.iterator().next().getSubject());

        var attributes = service.getCSRAttributes();
        System.out.println("csrattrs: "
            + (attributes.hasAttributesResponse() ? attributes.getAttributesResponse().getRequirements() : "none"));

        HttpAuth auth = new HttpAuth(args[4], args[2], args[3].toCharArray());
        PKCS10CertificationRequest csr =
            new PKCS10CertificationRequest(Files.readAllBytes(Path.of(args[5])));
        var answer = service.simpleEnroll(false, csr, auth);
        System.out.println("enrolled: " + answer.isCompleted());
        X509CertificateHolder issued =
            (X509CertificateHolder) answer.getStore().getMatches(null).iterator().next();
        Files.write(Path.of(args[6]), issued.getEncoded());

        var generated = service.simpleEnrollWithServersideCreation(csr, auth);
        System.out.println("serverkeygen: "
            + generated.getPrivateKeyInfo().getPrivateKeyAlgorithm().getAlgorithm());
    }
}
